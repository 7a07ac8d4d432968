//! Where a pipeline pins its images, each has a version tag or a digest.

use super::scope::{Context, Scope};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{ImageRef, Images, Pipeline, Rollback, Stage, Validate};
use crate::schema::{Config, Default, and};
use crate::source::{SourceMap, Span, Spanned};

/// Reports images without a version: each at its text, the default ones together at `pin_images`.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, scope) in context.pipelines() {
        if pipeline.pin_images.node {
            for image in given(pipeline, scope) {
                report(image.node, image.span, sink);
            }
            roles(context.sources, pipeline, scope, sink);
        }
    }
}

fn report(image: &ImageRef, span: Span, sink: &mut Sink) {
    if image.is_pinned() {
        return;
    }
    let message = format!("the image `{image}` has no version, and `pin_images` asks for one");
    let help = "add a version tag, which `latest` is not, or a digest";
    sink.push(Diagnostic::new(Code::UnpinnedImage, span, message).help(help));
}

/// The images of single records.
fn given<'a>(pipeline: &'a Pipeline, scope: &Scope<'a>) -> Vec<Spanned<&'a ImageRef>> {
    let mut found: Vec<Spanned<&ImageRef>> = Vec::new();
    let mut take = |image: &'a Spanned<Option<ImageRef>>| {
        found.extend(image.node.iter().map(|node| Spanned::new(node, image.span)));
    };
    pipeline.build.node.iter().for_each(|build| take(&build.image));
    for environment in &scope.environments {
        take(&environment.deploy.image);
        environment.tests.node.iter().for_each(|tests| take(&tests.image));
    }
    for environment in &scope.environments {
        let steps = environment.before.iter().chain(environment.after.iter()).chain(environment.verify.iter());
        found.extend(steps.map(|step| step.node.image.borrowed()));
        if let Some(Rollback::Step(step)) = &environment.rollback.node {
            found.push(step.image.borrowed());
        }
    }
    for leaf in &scope.leaves {
        if let Stage::Step(step) = &leaf.stage.node {
            found.push(step.image.borrowed());
        }
    }
    found
}

/// The images of roles: those that are written, and the default ones that run something.
fn roles(sources: &SourceMap, pipeline: &Pipeline, scope: &Scope<'_>, sink: &mut Sink) {
    let images = &pipeline.images;
    let tested = scope.environments.iter().filter_map(|environment| environment.tests.node.as_ref());
    let roles = [
        ("builder", &images.builder, pipeline.build.node.as_ref().is_some_and(|build| build.image.node.is_none())),
        // It also runs small jobs of the pipeline itself.
        ("deployer", &images.deployer, true),
        ("tester", &images.tester, tested.into_iter().any(|tests| tests.image.node.is_none())),
        ("validator", &images.validator, !matches!(pipeline.validate.node, Validate::Off)),
        ("notifier", &images.notifier, !pipeline.notifications.is_empty()),
    ];
    let mut defaults = Vec::new();
    for (role, image, runs) in roles {
        if !is_default(sources, role, image) {
            report(image, image.span, sink);
        } else if runs && !image.is_pinned() {
            defaults.push(role);
        }
    }
    if !defaults.is_empty() {
        let roles = and(defaults.iter().map(|role| format!("`{role}`")));
        let message = format!("`pin_images` asks for versions, and the default images have none: {roles}");
        let keys = defaults.iter().map(|role| format!("{role}: \"…\"")).collect::<Vec<_>>().join(", ");
        let help = format!("give them in `images: #{{ {keys} }}`, each with a version tag or a digest");
        sink.push(Diagnostic::new(Code::UnpinnedImage, pipeline.pin_images.span, message).help(help));
    }
}

/// Whether nobody wrote this image: it is the default, and its place is not that of a text.
fn is_default(sources: &SourceMap, role: &str, image: &Spanned<ImageRef>) -> bool {
    let field = Images::RECORD.field(role);
    let same = field.is_some_and(|field| matches!(field.default, Some(Default::Text(text)) if text == image.as_str()));
    same && !sources.text(image.span).starts_with(['"', '`'])
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    #[test]
    fn images_that_are_written_are_marked_at_their_text() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")], tests: #{ commands: ["x"], image: "a/b:latest" } });
//                                                                                            ^^^^^^^^^^^^ error[unpinned-image]: the image `a/b:latest` has no version, and `pin_images` asks for one
//                                                                                            help: add a version tag, which `latest` is not, or a digest
let images = #{ builder: "a/b", deployer: "a/b:1.2", validator: "a/b:3" };
//                       ^^^^^ error[unpinned-image]: the image `a/b` has no version, and `pin_images` asks for one
//                       help: add a version tag, which `latest` is not, or a digest
pipeline("app", base + #{ stages: [dev], images: images, pin_images: true });
pipeline("free", base + #{ stages: [dev] });
"#,
        );
    }

    #[test]
    fn default_images_that_run_something_are_named_together() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], pin_images: true, images: #{ deployer: "a/b:1" } });
//                                                   ^^^^ error[unpinned-image]: `pin_images` asks for versions, and the default images have none: `validator`
//                                                   help: give them in `images: #{ validator: "…" }`, each with a version tag or a digest
pipeline("off", base + #{ stages: [dev], pin_images: true, images: #{ deployer: "a/b:1" }, validate: false });
pipeline("both", base + #{ stages: [dev], pin_images: true });
//                                                    ^^^^ error[unpinned-image]: `pin_images` asks for versions, and the default images have none: `deployer` and `validator`
//                                                    help: give them in `images: #{ deployer: "…", validator: "…" }`, each with a version tag or a digest
"#,
        );
    }
}
