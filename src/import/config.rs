//! The original system's configuration, version 1.0, as its JSON Schema declares it.

use crate::diagnostic::{Code, Diagnostic};
use crate::draft::{literal, name_for};
use crate::model::{AccountId, Command, Name, Region, RepoPath, StackName};
use crate::schema::{FromConfig, Kind, NonEmpty, Reader, Text, Value, choices, config};
use crate::source::{SourceMap, Span, Spanned};

config! {
    /// The whole file.
    pub struct Config = "configuration" {
        /// The version of its format.
        version: Version,
        /// What is built, once.
        build: Build,
        /// The targets, in the order of their deployments.
        environments: NonEmpty<Environment>,
    }
}

choices! {
    /// The version of the format.
    pub enum Version {
        /// The only one.
        One = "1.0",
    }
}

config! {
    /// How the repository is built.
    pub struct Build = "build" {
        /// The commands.
        commands: NonEmpty<Portable<Command>>,
    }
}

config! {
    /// A target.
    pub struct Environment = "environment" {
        /// Its name.
        name: Portable<Name>,
        /// The AWS region.
        region: Region,
        /// The AWS account.
        account: AccountId,
        /// What is deployed, in order.
        stacks: NonEmpty<Stack>,
        /// What runs after the deployment.
        tests: Option<Tests> = none,
    }
}

config! {
    /// A CDK stack.
    pub struct Stack = "stack" {
        /// Its name.
        name: Portable<StackName>,
        /// The file that defines it.
        path: Portable<RepoPath>,
    }
}

config! {
    /// What runs after a deployment.
    pub struct Tests = "tests" {
        /// The commands.
        commands: Vec<Spanned<Portable<Command>>> = [],
    }
}

/// The longest text of a script, in bytes; it shares its line with a key or a comma.
const LONGEST: usize = SourceMap::MAX_LINES - 1_000;

/// A text of which the original took more than aphex does.
#[derive(Debug, Clone)]
pub struct Portable<T>(pub T);

/// What to do about a text that aphex does not take.
pub trait Advice: Text {
    /// The text without what means nothing.
    fn tidy(text: &str) -> &str {
        text
    }

    /// What to do, in the imperative.
    fn advice(text: &str) -> String;
}

impl<T: Advice> FromConfig for Portable<T> {
    const KIND: Kind = Kind::Text(&T::FORM);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let text = match &value.node {
            Value::Str(text) => text,
            Value::Broken(_) => return None,
            other => {
                let message = reader.at_key(&format!("expected {}, found {}", T::ONE, other.describe()));
                reader.report(Diagnostic::new(Code::BadType, value.span, message).help("write one text"));
                return None;
            }
        };
        let (what, help) = match T::parse(T::tidy(text)) {
            Ok(read) if literal(text).len() <= LONGEST => return Some(Self(read)),
            Ok(_) => {
                ("a text has to fit on a line of the script".into(), "put it into a file of the repository".into())
            }
            Err(what) => (what, T::advice(text)),
        };
        let message = reader.at_key(&what);
        reader.report(Diagnostic::new(Code::NotPortable, value.span, message).help(help));
        None
    }

    fn to_config(&self, _: Span) -> Value {
        Value::text(self.0.as_str())
    }
}

impl Advice for Name {
    fn advice(text: &str) -> String {
        match name_for(text, "env") {
            Some(name) => format!("call it `{name}`: tasks in Argo are named after it"),
            None => "give it another name: tasks in Argo are named after it".into(),
        }
    }
}

impl Advice for StackName {
    fn advice(_: &str) -> String {
        "write the name that the CDK app gives the stack: CloudFormation takes a letter, then letters, digits and hyphens"
            .into()
    }
}

impl Advice for RepoPath {
    fn advice(_: &str) -> String {
        "write the path from the repository's root to the file, such as `lib/app-stack.ts`".into()
    }
}

impl Advice for Command {
    /// A block text ends with a line break, which no shell needs.
    fn tidy(text: &str) -> &str {
        text.trim_end_matches(['\n', '\r'])
    }

    fn advice(text: &str) -> String {
        if text.trim().is_empty() {
            return "remove it".into();
        }
        if Self::tidy(text).contains('\n') {
            return "put lines that belong together into a script of the repository, and call that".into();
        }
        "write the command in visible characters; `printf` and `$'…'` make others".into()
    }
}
