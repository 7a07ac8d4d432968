//! What a platform team adds to the language: a function with a record of its own, a rule that holds what was declared
//! against the house's policy, and a module. Problems and the reference follow from the declarations.
//!
//! `cargo run --example own_function`

#![expect(clippy::print_stdout, reason = "an example shows what it gets")]

use aphex::declare::{Function, Own};
use aphex::records::Name;
use aphex::{BuildError, Code, Diagnostic, Interpreter, OwnCode, Project, Script, Severity, Sink};

aphex::text! {
    /// A team, as the directory names it.
    pub struct Team matches r"^team-[a-z]{1,20}$" = "a team like `\"team-shop\"`", "teams", |text| {
        let name = text.strip_prefix("team-").unwrap_or_default();
        let is_name = (1..=20).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_name { Ok(()) } else { Err("a team is `team-` and at most 20 lower-case letters".into()) }
    };
}

aphex::choices! {
    /// How much a service matters.
    pub enum Tier {
        /// Delivered to two regions, and only after a person said so.
        Gold = "gold",
        /// Delivered to one region.
        Silver = "silver",
    }
}

aphex::config! {
    /// Who answers for a service, and how much it matters.
    pub struct ServiceKeys = "service" {
        /// The team that answers for it.
        team: Team,
        /// How much it matters.
        tier: Tier = "silver",
    }
}

fn service() -> Function {
    Function::new("service", "A service of the house, which a pipeline of the same name delivers.")
        .param::<Name>("name")
        .param::<ServiceKeys>("options")
        .declares::<ServiceKeys>()
        .example("let shop = service(\"shop\", #{ team: \"team-shop\" });\n")
        .body(|call| {
            let (name, keys) = (call.read::<Name>(0), call.read::<ServiceKeys>(1));
            call.declare(Some(name?.map(|name| name.to_string())), keys?.node)
        })
}

static UNGUARDED_GOLD: OwnCode =
    OwnCode::new("acme-unguarded-gold", Severity::Error, "a gold service that is delivered without asking anybody");

/// The delivery of a gold service waits for a person.
fn gold_is_guarded(project: &Project, sink: &mut Sink) {
    for service in project.all::<Own<ServiceKeys>>().filter(|service| service.tier.node == Tier::Gold) {
        let name = service.name.as_ref().map_or("", |name| &name.node);
        let open =
            project.pipelines.iter().filter(|pipeline| pipeline.name.as_str() == name && pipeline.gates().is_empty());
        for environment in open.filter_map(|pipeline| pipeline.environments().pop()) {
            let message =
                format!("`{name}` is a gold service, and nobody is asked before `{}`", environment.name.as_str());
            let problem = Diagnostic::new(Code::Own(&UNGUARDED_GOLD), environment.name.span, message)
                .related(service.tier.span, "gold by this")
                .help("give the environment an `approval`");
            sink.push(problem);
        }
    }
}

/// A module, written in the language.
const ENVIRONMENTS: &str = r#"
//! The accounts of the house.

/// The environments of a service, in the order of its delivery.
fn all(service, stacks) {
    let regions = if service.tier == "gold" { ["eu-west-1", "us-east-1"] } else { ["eu-west-1"] };
    regions.map(|region| environment(`${service.name}-${region}`, #{
        account:  "333333333333",
        region:   region,
        stacks:   stacks,
        approval: if service.tier == "gold" { `Deliver to ${region}?` },
    }))
}
"#;

fn interpreter() -> Result<Interpreter, BuildError> {
    Interpreter::builder()
        .function(service())
        .module("acme/environments", ENVIRONMENTS)
        .code(&UNGUARDED_GOLD)
        .rule(gold_is_guarded)
        .build()
}

const RIGHT: &str = r#"
import "acme/environments" as environments;

let shop = service("shop", #{ team: "team-shop", tier: "gold" });

pipeline("shop", #{
    cluster: "company-pipelines",
    account: "999999999999",
    region:  "eu-west-1",
    source:  github("acme/shop"),
    labels:  #{ team: shop.team },
    stages:  environments::all(shop, [stack("ShopStack")]),
});
"#;

const WRONG: &str = r#"
let shop = service("shop", #{ team: "team-shop", tier: "gold" });
let news = service("news", #{ team: "The News", teir: "silver" });
let mail = service("mail");

let prod = environment("prod", #{ account: "333333333333", region: "eu-west-1", stacks: [stack("ShopStack")] });

pipeline("shop", #{
    cluster: "company-pipelines",
    account: "999999999999",
    region:  "eu-west-1",
    source:  github("acme/shop"),
    labels:  #{ team: shop.team },
    stages:  [prod],
});
"#;

fn main() -> Result<(), BuildError> {
    let interpreter = interpreter()?;
    for (path, text) in [("right.aphex", RIGHT), ("wrong.aphex", WRONG)] {
        let evaluation = interpreter.evaluate(&Script::new(path, text));
        println!("{path}: {} pipelines written", evaluation.outputs.len());
        for problem in evaluation.problems() {
            println!("  {problem}");
            problem.help.iter().flat_map(|help| help.lines()).for_each(|help| println!("    help: {help}"));
        }
    }
    show_reference(&interpreter);
    Ok(())
}

/// What a page or an editor has to say about what was added.
fn show_reference(interpreter: &Interpreter) {
    let reference = interpreter.reference();
    for function in reference.functions.iter().filter(|function| function.name == "service") {
        println!("\n{}: {}", function.calls.join(", "), function.doc);
        let record = reference.records.iter().find(|record| function.record.as_ref() == Some(&record.id));
        for key in record.iter().flat_map(|record| &record.keys) {
            let default = key.default.as_ref().map_or("required", |default| &default.words);
            println!("  {} ({default}): {} Takes {}.", key.key, key.doc, key.words);
        }
    }
    for module in reference.modules.iter().filter(|module| module.path.starts_with("acme/")) {
        println!("\n{}: {}", module.path, module.doc);
        for signature in module.functions.iter().flat_map(|function| &function.signatures) {
            println!("  {}: {}", signature.usage, signature.doc);
        }
    }
    for problem in reference.problems.iter().filter(|problem| problem.code.starts_with("acme-")) {
        println!("\n{}: {}", problem.code, problem.summary);
    }
}
