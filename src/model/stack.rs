//! `stack`: a CDK stack.

use std::sync::Arc;

use super::aws::stack_name;
use super::item::{Item, Keys};
use super::words::RepoPath;
use crate::schema::{FromConfig, Kind, Object, Reader, Text, Value, config, text};
use crate::source::{Span, Spanned};

text! {
    /// A stack as the CDK app names it: what CloudFormation takes, a letter, then letters, digits and hyphens, at most 128.
    pub struct StackName
        matches r"^[A-Za-z][A-Za-z0-9-]{0,127}$"
        = "a stack name", "stack names", stack_name;
}

config! {
    /// What is known of a CDK stack beside its name.
    pub struct StackKeys = "stack", shorthand "path" {
        /// The file that defines it, relative to the repository's root. A warning where it is not there
        /// (`missing-file`).
        path: Option<RepoPath> = none,
        /// Stacks that are deployed before it. One that the environment does not list is a warning
        /// (`unlisted-dependency`): it must be there already. A text names a stack that an environment of the same
        /// pipeline lists as `stack(…)`, or that such a stack depends on; any other is an error (`unknown-stack`).
        depends_on: Vec<Spanned<StackRef>> = [],
    }
}

impl Drop for StackKeys {
    /// One after the other: a long chain of dependencies would otherwise drop as deep as it is long.
    fn drop(&mut self) {
        let mut open = std::mem::take(&mut self.depends_on.node);
        while let Some(dependency) = open.pop() {
            if let StackRef::Stack(stack) = dependency.node
                && let Some(mut stack) = Arc::into_inner(stack)
            {
                open.append(&mut stack.keys.depends_on.node);
            }
        }
    }
}

/// What `stack(…)` returns.
pub type Stack = Item<StackName, StackKeys>;

impl Keys for StackKeys {
    const FUNCTION: &'static str = "stack";
}

/// A stack, or its name.
#[derive(Debug, Clone)]
pub enum StackRef {
    /// What `stack(…)` returned.
    Stack(Arc<Stack>),
    /// The name of a stack that an environment of the pipeline lists.
    Name(StackName),
}

impl StackRef {
    /// The stack's name.
    pub fn name(&self) -> &StackName {
        match self {
            Self::Stack(stack) => &stack.name.node,
            Self::Name(name) => name,
        }
    }
}

impl FromConfig for StackRef {
    const KIND: Kind = Kind::Either(&[Kind::Object("stack"), Kind::Text(&StackName::FORM)]);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match &value.node {
            Value::Object(object) if object.kind() == "stack" => object.downcast().map(Self::Stack),
            Value::Str(_) => reader.text(value).map(Self::Name),
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        match self {
            Self::Stack(stack) => Value::Object(Object::new(stack.clone())),
            Self::Name(name) => Value::text(name.as_str()),
        }
    }
}
