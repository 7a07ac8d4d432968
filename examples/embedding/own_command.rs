//! A command of a platform team's own: all of `aphex`, with a function, a module and a rule of the house.
//!
//! `cargo run --example own_command -- doc service`, `… -- explain acme-team`, `… -- run FILE`

use aphex::declare::{Function, Own};
use aphex::records::Name;
use aphex::{BuildError, Code, Diagnostic, Interpreter, OwnCode, Project, Severity, Sink};

aphex::config! {
    /// Who answers for a service.
    pub struct Service = "service" {
        /// The team, as the directory names it.
        team: String,
    }
}

static TEAM: OwnCode = OwnCode::new("acme-team", Severity::Error, "a pipeline that belongs to no team")
    .explained("# acme-team\n\nEach pipeline belongs to a team: declare a `service` of the pipeline's name.\n");

fn interpreter() -> Result<Interpreter, BuildError> {
    let service = Function::declaring::<Name, Service>("A service, and who answers for it.")
        .example(r#"service("shop", #{ team: "team-shop" });"#);
    Interpreter::builder()
        .function(service)
        .module("acme/accounts", "//! The house's accounts.\n\nexport const DEV = \"111111111111\";\n")
        .code(&TEAM)
        .rule(teams)
        .build()
}

/// Each pipeline has a service of its name.
fn teams(project: &Project, sink: &mut Sink) {
    let services: Vec<_> = project.all::<Own<Service>>().filter_map(|service| service.name.clone()).collect();
    for pipeline in &project.pipelines {
        if services.iter().all(|service| service.node != pipeline.name.as_str()) {
            let message = format!("the pipeline `{}` belongs to no team", pipeline.name.as_str());
            sink.push(Diagnostic::new(Code::Own(&TEAM), pipeline.name.span, message));
        }
    }
}

fn main() -> Result<(), BuildError> {
    let arguments: Vec<_> = std::env::args_os().collect();
    aphex::cli::main_with(&interpreter()?, arguments.into_iter())
}
