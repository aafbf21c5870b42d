//! On `/admin/system`: the last backup, and a button for another.

use crate::calls::system::{Backup, BackupFault};
use crate::parts::button::{Submit, Tone};
use crate::parts::form::CallForm;
use crate::parts::icon;
use crate::parts::problem::ReturnedProblem;
use crate::parts::time::When;
use crate::visitor::words;
use leptos::prelude::*;

const HERE: &str = "/admin/system";

pub fn backup(backup: Backup, now: i64) -> impl IntoView {
    let t = words();
    let p = t.people();
    let last = match backup.last {
        None => p.no_backup.into_any(),
        Some((at, file, size, faults)) => {
            let words = t.backed_up(&file, &t.bytes(size), faults);
            view! { <When at now /> " · " <bdi>{words}</bdi> }.into_any()
        }
    };
    let fault = backup.fault.map(|(at, fault)| {
        view! {
            <div class="problem" role="status">
                {icon::alert()}
                <p>{p.backup_failed} " " {why(fault)} " " <When at now /></p>
            </div>
        }
    });
    let act = match backup.since {
        Some(at) => view! {
            <ReturnedProblem calls=&["back-up"] />
            <p role="status">{p.backup_runs} " " <When at now /></p>
            <div class="row"><a class="button" href=HERE>{p.look_again}</a></div>
        }
        .into_any(),
        None => view! {
            <CallForm call="back-up" from=HERE>
                <Submit label=p.back_up tone=Tone::Plain />
            </CallForm>
        }
        .into_any(),
    };
    view! {
        <h2>{p.backup_title}</h2>
        <p class="lead">{p.backup_lead}</p>
        <dl class="facts"><div class="fact"><dt>{p.backup}</dt><dd>{last}</dd></div></dl>
        {fault}
        {act}
    }
}

fn why(fault: BackupFault) -> AnyView {
    let t = words();
    match fault {
        BackupFault::DiskFull => t.people().backup_disk_full.into_any(),
        BackupFault::System(why) => view! { <bdi>{why}</bdi> }.into_any(),
        BackupFault::Other(problem) => t.problem(&problem).into_any(),
    }
}
