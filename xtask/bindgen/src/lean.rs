//! Leaves out of a module what is compiled into it and can never run.

use walrus::{FunctionBuilder, FunctionKind, LocalFunction, Module, passes};

/// Part of the names of such functions. Leptos hydrates either at once or, asked for by
/// `hydrate_lazy`, in steps that wait. Salon never asks; but every view with its type erased
/// has a pointer to its waiting half, which no compiler can prove unused
/// (docs/decisions/0006).
///
/// A name says what runs only where the compiler gave equal functions no common name:
/// `-Zmerge-functions=disabled`. wasm-opt merges them afterwards.
const NEVER_CALLED: &str = "hydrate_async";

/// Replaces the bodies of these functions by a trap, then drops what only they used.
pub fn leave_out_unused(module: &mut Module) {
    let dead: Vec<_> = module
        .funcs
        .iter()
        .filter(|function| function.name.as_ref().is_some_and(|name| name.contains(NEVER_CALLED)))
        .filter(|function| matches!(function.kind, FunctionKind::Local(_)))
        .map(|function| function.id())
        .collect();
    for id in dead {
        let trap = trap(module, id);
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap);
    }
    passes::gc::run(module);
}

fn trap(module: &mut Module, of: walrus::FunctionId) -> LocalFunction {
    let ty = module.types.get(module.funcs.get(of).ty());
    let (takes, gives) = (ty.params().to_vec(), ty.results().to_vec());
    let mut body = FunctionBuilder::new(&mut module.types, &takes, &gives);
    body.func_body().unreachable();
    let arguments = takes.iter().map(|ty| module.locals.add(*ty)).collect();
    body.local_func(arguments)
}
