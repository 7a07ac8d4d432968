//! Files and folders that a script names are there.

use std::collections::HashSet;

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::Validate;
use crate::source::{Span, normalize};

/// Warns of paths that are not there, each once.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut seen = HashSet::new();
    let mut check = |what: &str, path: &str, span: Span| {
        let Some(path) = normalize("", path).filter(|path| !path.is_empty()) else { return };
        if seen.insert(path.clone()) && context.host.exists(&path) == Some(false) {
            sink.push(missing(context, what, &path, span));
        }
    };
    for stack in &context.records.stacks {
        if let Some(path) = &stack.path.node {
            check("file", path.as_str(), stack.path.span);
        }
    }
    for (pipeline, _) in context.pipelines() {
        check("folder", pipeline.directory.as_str(), pipeline.directory.span);
        if let Validate::Path(path) = &pipeline.validate.node {
            check("file", path.as_str(), pipeline.validate.span);
        }
    }
}

fn missing(context: &Context<'_>, what: &str, path: &str, span: Span) -> Diagnostic {
    let found = Diagnostic::new(Code::MissingFile, span, format!("there is no {what} `{path}` in the repository"));
    let folders = context.pipelines().map(|(pipeline, _)| pipeline.directory.as_str());
    let near = folders
        .filter_map(|folder| normalize(folder, path))
        .find(|other| other != path && context.host.exists(other) == Some(true));
    match near {
        Some(near) => found.help(format!("write `\"{near}\"`: paths start at the repository's root")),
        None => found.help("create it, or correct the path, which starts at the repository's root"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds_with;
    use crate::source::MemoryHost;

    #[test]
    fn a_file_that_is_not_there_is_a_warning_once() {
        holds_with(
            r#"
let a = stack("A", "lib/a.ts");
let b = stack("B", "lib/b.ts");
//                 ^^^^^^^^^^ warning[missing-file]: there is no file `lib/b.ts` in the repository
//                 help: create it, or correct the path, which starts at the repository's root
let c = stack("C", "./lib/b.ts");
let d = stack("D", "bin/d.ts");
//                 ^^^^^^^^^^ warning[missing-file]: there is no file `bin/d.ts` in the repository
//                 help: write `"app/bin/d.ts"`: paths start at the repository's root
let dev = environment("dev", aws + #{ stacks: [a, b, c, d] });
pipeline("one", base + #{ stages: [dev], directory: "app" });
pipeline("two", base + #{ stages: [dev], directory: "ap", validate: "deploy.aphex" });
//                                                  ^^^^ warning[missing-file]: there is no folder `ap` in the repository
//                                                  help: create it, or correct the path, which starts at the repository's root
//                                                                  ^^^^^^^^^^^^^^ warning[missing-file]: there is no file `deploy.aphex` in the repository
//                                                                  help: create it, or correct the path, which starts at the repository's root
"#,
            &MemoryHost::new().with("lib/a.ts", "").with("app/bin/d.ts", ""),
        );
    }
}
