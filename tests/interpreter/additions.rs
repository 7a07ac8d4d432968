//! What an embedder adds to the language: functions with records, modules, kinds of problems, rules.

use aphex::declare::{Function, Invocation, Own, Ref, Value};
use aphex::records::{AccountId, Environment, Name, Region};
use aphex::{BuildError, Builder, Code, Diagnostic, Interpreter, OwnCode, Script, Severity, Span};

use super::{PIPELINE, check, printed, problems};

aphex::choices! {
    /// How much a service matters.
    pub enum Tier {
        /// Deployed to one region.
        Silver = "silver",
        /// Deployed to every region.
        Gold = "gold",
    }
}

aphex::text! {
    /// A team, as the directory names it.
    pub struct Team matches r"^team-[a-z]{1,20}$" = "a team", "teams", |text| {
        let name = text.strip_prefix("team-").unwrap_or_default();
        let fits = (1..=20).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase());
        if fits { Ok(()) } else { Err(format!("a team is like `team-shop`, and this is {text:?}")) }
    };
}

aphex::config! {
    /// A service and who answers for it.
    pub struct Service = "service" {
        /// Who answers for it.
        team: Team,
        /// How much it matters.
        tier: Tier = "silver",
        /// Where its data is.
        account: Option<AccountId> = none,
        /// The service that it needs.
        needs: Option<Ref<Own<Service>>> = none,
    }
}

/// `service(name, #{…})` declares a service.
fn service(call: &mut Invocation<'_, '_>) -> Option<Value> {
    let name = call.read::<Name>(0);
    let keys = call.read::<Service>(1);
    let name = name?.map(|name| name.as_str().to_owned());
    call.declare(Some(name), keys?.node)
}

/// `home(region, stack)` is an environment of the one account that we have.
fn home(call: &mut Invocation<'_, '_>) -> Option<Value> {
    let region = call.read::<Region>(0)?;
    let stack = call.argument(1)?.node.clone();
    let name = Value::from(format!("home-{}", region.as_str()));
    let region = Value::from(region.as_str());
    let keys = [("account", "111111111111".into()), ("region", region), ("stacks", Value::list([stack]))];
    call.call("environment", [name, Value::map(keys)])
}

static NO_OWNER: OwnCode = OwnCode::new("acme-no-owner", Severity::Error, "a pipeline that belongs to no team");

fn builder() -> Builder {
    let service = Function::new("service", "A service, and who answers for it.")
        .param::<Name>("name")
        .param::<Service>("options")
        .example(r#"service("shop", #{ team: "team-shop" });"#)
        .declares::<Service>()
        .body(service);
    let home = Function::new("home", "An environment of ours.")
        .param::<Region>("region")
        .param::<String>("stack")
        .returns("an environment")
        .body(home);
    Interpreter::builder().function(service).function(home).code(&NO_OWNER)
}

fn interpreter() -> Interpreter {
    builder().build().unwrap()
}

#[test]
fn a_function_is_read_as_the_languages_own_are() {
    let text = r#"
service("shop", #{ team: "team-shop", tier: "gold", account: "111111111111" });
service("Shop", #{ team: "shop", tire: "gold" });
service("cart", #{ tier: "bronze" });
service("list");
service();
service("a", #{ team: "team-a" }, 1);
if false { service("never", #{ teem: 1 }) }
if false { servise("never") }
let team = 12;
service("b", #{ team: team });
"#;
    let expected = [
        "a.aphex:3:9: error[bad-value]: a name has lower-case letters, digits and hyphens, this one has 'S'",
        "a.aphex:3:26: error[bad-value]: `team`: a team is like `team-shop`, and this is \"shop\"",
        "a.aphex:3:34: error[unknown-key]: `service` has no key `tire`",
        "  help: did you mean `tier`?",
        "a.aphex:4:1: error[missing-key]: `service` misses the key `team`",
        "  help: add `team`: a team",
        "a.aphex:4:26: error[bad-value]: `tier`: expected `\"silver\"` or `\"gold\"`, found \"bronze\"",
        "a.aphex:5:1: error[missing-key]: `service` misses the key `team`",
        "  help: add `team`: a team",
        "a.aphex:6:1: error[wrong-arguments]: too few arguments for `service`: it is called like `service(name, options)`",
        "a.aphex:7:1: error[wrong-arguments]: too many arguments for `service`: it is called like `service(name, options)`",
        "a.aphex:8:32: error[unknown-key]: `service` has no key `teem`",
        "  help: did you mean `team`?",
        "a.aphex:9:12: error[unknown-function]: there is no function `servise`",
        "  help: did you mean `service`?",
        "a.aphex:10:12: error[bad-type]: `team`: expected a team, found the integer 12",
    ];
    assert_eq!(check(&interpreter(), text), expected);
}

#[test]
fn what_a_function_declares_is_an_object() {
    let text = r#"
let shop = service("shop", #{ team: "team-shop" });
let cart = service("cart", #{ team: "team-cart", needs: shop });
print(`${cart.kind} ${cart.name} ${cart.needs.tier} ${cart.account} ${cart.needs == shop}`);
print(`${shop}`);
let broken = service("x", #{ team: "x" });
"#;
    let evaluation = interpreter().evaluate(&Script::new("a.aphex", text).module());
    assert_eq!(evaluation.printed, ["service cart silver  true", "shop"]);
    let names = evaluation.project.all::<Own<Service>>().filter_map(|service| service.name.clone());
    assert_eq!(names.map(|name| name.node).collect::<Vec<_>>(), ["shop", "cart"]);
    let cart = evaluation.project.all::<Own<Service>>().last().unwrap();
    assert_eq!((cart.team.as_str(), cart.tier.node), ("team-cart", Tier::Silver));
    assert_eq!(
        serde_json::to_value(&cart.keys).unwrap(),
        serde_json::json!({
            "team": "team-cart",
            "tier": "silver",
            "needs": { "kind": "service", "name": "shop", "team": "team-shop", "tier": "silver" },
        })
    );
    assert!(evaluation.project.is_broken());
}

#[test]
fn an_object_of_another_kind_is_refused_where_it_is_passed() {
    let text = r#"service("cart", #{ team: "team-cart", needs: stack("A") });"#;
    let expected = ["a.aphex:1:46: error[bad-type]: `needs`: expected what `service(…)` returns, found the stack `A`"];
    assert_eq!(check(&interpreter(), text), expected);
}

#[test]
fn a_function_calls_those_of_the_language() {
    let text = PIPELINE.replace(
        "environment(\"dev\", #{ account: \"111111111111\", region: \"eu-west-1\", stacks: [app] })",
        "home(\"eu-west-1\", app)",
    );
    let evaluation = interpreter().evaluate(&Script::new("a.aphex", text));
    assert_eq!(problems(&evaluation), [""; 0]);
    let environment = evaluation.project.all::<Environment>().next().unwrap();
    assert_eq!((environment.name.as_str(), environment.account.as_str()), ("home-eu-west-1", "111111111111"));
    // What the function wrote is blamed at its call.
    let text = r#"
home("eu-west-1", 12);
home("nowhere", 12);
"#;
    let expected = [
        "a.aphex:2:1: error[bad-type]: `stacks`: expected what `stack(…)` returns or a stack name, found the integer 12",
        "a.aphex:3:6: error[bad-value]: there is no AWS region \"nowhere\"",
        "  help: a region looks like `us-east-1`",
    ];
    assert_eq!(check(&interpreter(), text), expected);
}

#[test]
fn the_reference_has_what_is_added() {
    let interpreter =
        builder().module("acme/teams", "//! Our teams.\n\nexport const SHOP = \"team-shop\";\n").build().unwrap();
    let reference = interpreter.reference();
    let service = reference.functions.iter().find(|function| function.name == "service").unwrap();
    assert_eq!(service.calls, ["service(name, #{…})"]);
    assert_eq!((service.doc.as_str(), service.returns.as_str()), ("A service, and who answers for it.", "a service"));
    let record = reference.records.iter().find(|record| record.name == "service").unwrap();
    let keys: Vec<_> = record.keys.iter().map(|key| (key.key, key.required, key.words.as_str())).collect();
    let tier = "`\"silver\"` or `\"gold\"`";
    let account = "an AWS account id";
    let needs = "what `service(…)` returns";
    assert_eq!(
        keys,
        [("team", true, "a team"), ("tier", false, tier), ("account", false, account), ("needs", false, needs)]
    );
    assert!(reference.texts.iter().any(|text| text.id == "Team" && text.used_by == ["service.team"]));
    assert_eq!(reference.modules.last().unwrap().path, "acme/teams");
    assert_eq!(reference.modules.last().unwrap().doc, "Our teams.");
    assert_eq!(reference.problems.last().unwrap().code, "acme-no-owner");
}

#[test]
fn a_module_is_imported_as_the_standard_library_is() {
    let text = r#"
//! Accounts of ours.

fn account(name) {
    switch name {
        "dev" => "111111111111",
        _ => { fail(`there is no account ${name}`); }
    }
}
"#;
    let interpreter = Interpreter::builder().module("acme/accounts", text).build().unwrap();
    let import = r#"import "acme/accounts" as accounts;"#;
    assert_eq!(printed(&interpreter, &format!("{import} print(accounts::account(\"dev\"));")), ["111111111111"]);
    let wrong = format!("{import}\naccounts::account(\"prod\");\naccounts::acount(\"dev\");");
    let expected = [
        "a.aphex:2:11: error[user-error]: there is no account prod",
        "a.aphex:3:11: error[unknown-function]: there is no function `accounts::acount`",
        "  help: did you mean `account`?",
    ];
    assert_eq!(check(&interpreter, &wrong), expected);
    let expected = [
        "a.aphex:1:8: error[import-not-found]: there is no module `acme/acounts`",
        "  help: did you mean `acme/accounts`?",
    ];
    assert_eq!(check(&interpreter, r#"import "acme/acounts" as accounts;"#), expected);
    let reserved = check(&interpreter, r#"import "other/accounts" as accounts;"#);
    assert!(reserved[0].contains("error[import-reserved]"), "{reserved:?}");
}

#[test]
fn a_rule_looks_at_what_was_declared() {
    let interpreter = builder()
        .rule(|project, sink| {
            let owned: Vec<_> = project.all::<Own<Service>>().filter_map(|service| service.name.clone()).collect();
            for pipeline in &project.pipelines {
                if owned.iter().all(|name| name.node != pipeline.name.as_str()) {
                    let message = format!("the pipeline `{}` belongs to no team", pipeline.name.as_str());
                    let problem = Diagnostic::new(Code::Own(&NO_OWNER), pipeline.name.span, message);
                    sink.push(problem.help("declare its service: `service(\"my-app\", #{ team: … })`"));
                }
            }
            if project.pipelines.is_empty() {
                sink.push(Diagnostic::new(Code::Own(&NO_OWNER), Span::NOWHERE, "nothing is delivered"));
            }
        })
        .build()
        .unwrap();
    let evaluation = interpreter.evaluate(&Script::new("a.aphex", PIPELINE));
    let expected = [
        "a.aphex:4:10: error[acme-no-owner]: the pipeline `my-app` belongs to no team",
        "  help: declare its service: `service(\"my-app\", #{ team: … })`",
    ];
    assert_eq!(problems(&evaluation), expected);
    assert!(evaluation.outputs.is_empty(), "nothing is written where there is an error");
    let owned = format!("{PIPELINE}\nservice(\"my-app\", #{{ team: \"team-shop\" }});");
    let evaluation = interpreter.evaluate(&Script::new("a.aphex", owned));
    assert_eq!(problems(&evaluation), [""; 0]);
    assert_eq!(evaluation.outputs.len(), 1);
    assert_eq!(check(&interpreter, "print(1);"), ["a.aphex:1:1: error[acme-no-owner]: nothing is delivered"]);
}

#[test]
fn what_cannot_be_added_is_refused() {
    aphex::config! {
        /// A record that no script could write.
        pub struct Reserved = "reserved" {
            /// A word of Rhai's.
            match_: bool = false,
        }
    }
    aphex::config! {
        /// A record whose default is none.
        pub struct Wrong = "wrong" {
            /// A tier.
            tier: Option<Tier> = "bronze",
        }
    }
    aphex::config! {
        /// A record without its shorthand.
        pub struct Short = "short", shorthand "gone" {
            /// A tier.
            tier: Option<Tier> = none,
        }
    }
    static TAKEN: OwnCode = OwnCode::new("bad-value", Severity::Error, "taken");
    static SHOUTED: OwnCode = OwnCode::new("Acme", Severity::Error, "not kebab case");
    let refused = |builder: Builder| builder.build().unwrap_err().to_string();
    let function = |name| Function::new(name, "");
    for name in ["stack", "len", "1st", "for", "match", "a-b", ""] {
        let found = refused(Interpreter::builder().function(function(name)));
        assert_eq!(found, format!("no function can be called `{name}`, or another one is"));
    }
    let twice = Interpreter::builder().function(function("twice")).function(function("twice"));
    assert_eq!(twice.build().unwrap_err(), BuildError::FunctionName("twice".into()));
    let order = function("f").param::<Option<Name>>("a").param::<Name>("b");
    assert_eq!(
        refused(Interpreter::builder().function(order)),
        "the function `f` takes something that must be given after something that need not be"
    );
    let keys = [
        (
            function("f").param::<Reserved>("keys"),
            "the key `match` of the record `reserved` is a word that no script can write there",
        ),
        (function("f").param::<Wrong>("keys"), "the key `tier` of the record `wrong` does not take its own default"),
        (
            function("f").param::<Short>("keys"),
            "the key `gone` of the record `short` is its shorthand, and it has no such key",
        ),
    ];
    for (function, expected) in keys {
        assert_eq!(refused(Interpreter::builder().function(function)), expected);
    }
    for path in ["aphex/node", "./a", "a", "/a/b", "a/../b", ""] {
        let found = Interpreter::builder().module(path, "").build().unwrap_err();
        assert_eq!(found, BuildError::ModulePath(path.into()));
    }
    assert_eq!(
        refused(Interpreter::builder().module("acme/a", "let x = ;")),
        "the module `acme/a` cannot be read: acme/a:1:8: error[missing-expression]: the value after `=` is missing"
    );
    for code in [&TAKEN, &SHOUTED] {
        assert!(matches!(Interpreter::builder().code(code).build(), Err(BuildError::Code(_))));
    }
}
