//! What a script may call: the language's table of contents.

use super::calls;
use super::project::{Parameters, Project};
use super::words::{Message, Name};
use super::{
    ApprovalKeys, EnvironmentKeys, GithubKeys, PipelineKeys, Repository, SlackKeys, StackKeys, StackName, Stage,
    StepKeys, WebhookKeys,
};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::{FromConfig, Kind, Value};
use crate::source::{Span, Spanned};

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it gives and means.
    pub doc: &'static str,
    /// What it takes, in order.
    pub params: &'static [Param],
    /// Whether the last parameter may stand any number of times.
    pub variadic: bool,
    /// What it returns, in words.
    pub returns: &'static str,
    /// Does it.
    pub build: fn(&Call, &mut Session<'_>) -> Value,
}

/// One parameter of a function.
#[derive(Debug)]
pub struct Param {
    /// Its name in the documentation.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A method of values that the language adds to Rhai's own; `eval` does it.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// One call of a function of the language.
#[derive(Debug)]
pub struct Call {
    /// What is called.
    pub function: &'static Function,
    /// Its name in the call.
    pub site: Span,
    /// What it is given.
    pub args: Vec<Spanned<Value>>,
}

/// What calls read from and add to.
#[derive(Debug)]
pub struct Session<'a> {
    /// Takes problems.
    pub sink: &'a mut Sink,
    /// Takes what is declared.
    pub project: &'a mut Project,
    /// The values given from outside.
    pub parameters: &'a Parameters,
    /// Whether the top level of a module is running, where no pipeline may be declared.
    pub in_module: bool,
}

impl Function {
    /// The function of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// How it is called: `stack(name, options?)`.
    pub fn usage(&self) -> String {
        let params = self.params.iter().map(|param| match (param.optional, self.variadic) {
            (_, true) => format!("{}…", param.name),
            (true, _) => format!("{}?", param.name),
            (false, _) => param.name.to_owned(),
        });
        format!("{}({})", self.name, params.collect::<Vec<_>>().join(", "))
    }

    /// The most arguments of a call of a function that takes any number; more go into an array.
    pub const VARIADIC: usize = 24;

    /// Whether it can be called with so many arguments.
    pub fn takes(&self, given: usize) -> bool {
        if self.variadic {
            return given <= Self::VARIADIC;
        }
        let needed = self.params.iter().filter(|param| !param.optional).count();
        // A missing map of keys is a map without keys: its reader says which ones are needed.
        let keys = self.params.last().is_some_and(|last| matches!(last.kind, Kind::Record(_)));
        let least = if keys { needed.min(1) } else { needed };
        (least..=self.params.len()).contains(&given)
    }

    /// The problem of a call at `site` with too few or too many arguments.
    pub fn wrong_arguments(&self, site: Span, given: usize) -> Diagnostic {
        let few = if given < self.params.len() { "few" } else { "many" };
        let message = format!("too {few} arguments for `{}`: it is called like `{}`", self.name, self.usage());
        let problem = Diagnostic::new(Code::WrongArguments, site, message);
        let takes = self.params.iter().map(|param| format!("`{}` is {}", param.name, param.kind.one()));
        if self.variadic {
            problem.help("put them into one array")
        } else if self.params.iter().any(|param| matches!(param.kind, Kind::Record(_))) {
            problem
        } else {
            problem.help(takes.collect::<Vec<_>>().join(", "))
        }
    }
}

const fn param(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, optional: false }
}

const fn optional(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, optional: true }
}

const TEXT: Kind = Kind::Text("a text", "texts");
const ANY: Kind = Kind::Text("any value", "values");
const STAGES: Kind = Kind::Either(&[Stage::KIND, Kind::List(&Stage::KIND, false)]);
const PARAMETER: Kind = Kind::Either(&[TEXT, Kind::Int(i64::MIN, i64::MAX), Kind::Bool, Kind::List(&TEXT, true)]);

/// Every function of the language.
pub static FUNCTIONS: &[Function] = &[
    Function {
        name: "stack",
        doc: "A CDK stack.",
        params: &[param("name", StackName::KIND), optional("options", StackKeys::KIND)],
        variadic: false,
        returns: "a stack",
        build: calls::item::<StackName, StackKeys>,
    },
    Function {
        name: "environment",
        doc: "A deployment target.",
        params: &[param("name", Name::KIND), param("options", EnvironmentKeys::KIND)],
        variadic: false,
        returns: "an environment",
        build: calls::item::<Name, EnvironmentKeys>,
    },
    Function {
        name: "pipeline",
        doc: "Declares a pipeline. A script may declare several.",
        params: &[param("name", Name::KIND), param("options", PipelineKeys::KIND)],
        variadic: false,
        returns: "the pipeline",
        build: calls::pipeline,
    },
    Function {
        name: "github",
        doc: "The source that triggers a pipeline.",
        params: &[param("repository", Repository::KIND), optional("options", GithubKeys::KIND)],
        variadic: false,
        returns: "a source",
        build: calls::item::<Repository, GithubKeys>,
    },
    Function {
        name: "parallel",
        doc: "Stages that run side by side. When one fails the others finish, and nothing after them starts.",
        params: &[param("stages", STAGES)],
        variadic: true,
        returns: "a stage",
        build: calls::wave,
    },
    Function {
        name: "sequence",
        doc: "Stages in order, as one stage: for use inside `parallel`.",
        params: &[param("stages", STAGES)],
        variadic: true,
        returns: "a stage",
        build: calls::wave,
    },
    Function {
        name: "approval",
        doc: "A stage that waits for a person.",
        params: &[param("message", Message::KIND), optional("options", ApprovalKeys::KIND)],
        variadic: false,
        returns: "a stage",
        build: calls::approval,
    },
    Function {
        name: "step",
        doc: "A stage of your own, in any container image.",
        params: &[param("name", Name::KIND), param("options", StepKeys::KIND)],
        variadic: false,
        returns: "a stage",
        build: calls::step,
    },
    Function {
        name: "secret",
        doc: "A reference to a Kubernetes Secret's key, in the namespace where it is used; never a value.",
        params: &[param("name", TEXT), param("key", TEXT)],
        variadic: false,
        returns: "a secret",
        build: calls::secret,
    },
    Function {
        name: "slack",
        doc: "A Slack channel that notifications go to.",
        params: &[param("options", SlackKeys::KIND)],
        variadic: false,
        returns: "a notification",
        build: calls::slack,
    },
    Function {
        name: "webhook",
        doc: "An address that notifications go to.",
        params: &[param("options", WebhookKeys::KIND)],
        variadic: false,
        returns: "a notification",
        build: calls::webhook,
    },
    Function {
        name: "param",
        doc: "A value given from outside, with `--param name=value` or `--param-file`. The default gives its type; \
              without one it is a required text.",
        params: &[param("name", TEXT), optional("default", PARAMETER)],
        variadic: false,
        returns: "the value",
        build: calls::param,
    },
    Function {
        name: "warn",
        doc: "A warning of your own, at the call, or at the value to blame, or at a key of that. The run goes on.",
        params: &[param("message", TEXT), optional("blame", ANY), optional("key", TEXT)],
        variadic: false,
        returns: "`()`",
        build: calls::warn,
    },
    Function {
        name: "fail",
        doc: "An error of your own, at the call, or at the value to blame, or at a key of that. Evaluation goes on, and \
              nothing is written.",
        params: &[param("message", TEXT), optional("blame", ANY), optional("key", TEXT)],
        variadic: false,
        returns: "`()`",
        build: calls::fail,
    },
    Function {
        name: "assert",
        doc: "An error of your own where the condition does not hold.",
        params: &[
            param("condition", Kind::Bool),
            param("message", TEXT),
            optional("blame", ANY),
            optional("key", TEXT),
        ],
        variadic: false,
        returns: "`()`",
        build: calls::assert,
    },
];

/// The methods that the language adds to Rhai's own.
pub static METHODS: &[Method] = &[
    Method {
        name: "flatten",
        usage: "array.flatten()",
        doc: "The array with the items of the arrays in it in their place, one level deep.",
    },
    Method {
        name: "join",
        usage: "array.join(separator)",
        doc: "The texts of the array as one, the separator between them.",
    },
    Method {
        name: "merge",
        usage: "map.merge(other)",
        doc: "Both maps as one, maps inside them merged too; the other wins.",
    },
];
