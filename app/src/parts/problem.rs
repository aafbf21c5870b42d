//! A refusal in words, where the thing failed.

use super::form::returned_problem;
use super::icon;
use crate::visitor::words;
use domain::Problem;
use leptos::prelude::*;

/// The sentence of a refusal, spoken at once.
#[component]
pub fn ProblemNote(problem: Problem) -> impl IntoView {
    view! {
        <div class="problem" role="alert" data-code=problem.code()>
            {icon::alert()} <p>{words().problem(&problem)}</p>
        </div>
    }
}

/// What a small form in a list brought back without JavaScript: such forms have no place
/// of their own for it.
#[component]
pub fn ReturnedProblem(calls: &'static [&'static str]) -> impl IntoView {
    let problem = calls.iter().find_map(|call| returned_problem(call));
    problem.map(|problem| view! { <ProblemNote problem /> })
}
