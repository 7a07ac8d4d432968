//! Every code: its name, its severity and one line about it. The long story is `docs/errors/<name>.md`, without
//! which a code does not compile.

use serde::{Serialize, Serializer};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Worth a look; the output is written.
    Warning,
}

impl Severity {
    /// The word that reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A kind of problem that an embedder's rules and functions report, beside those of the language.
///
/// ```
/// use aphex::{Code, OwnCode, Severity};
///
/// static NO_OWNER: OwnCode = OwnCode::new("acme-no-owner", Severity::Error, "a pipeline that belongs to no team");
///
/// assert_eq!(Code::Own(&NO_OWNER).id(), "acme-no-owner");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnCode {
    id: &'static str,
    severity: Severity,
    summary: &'static str,
    explanation: &'static str,
}

impl OwnCode {
    /// A kind of problem: its name in kebab case, which none of the language has, how bad it is, and one line about it.
    pub const fn new(id: &'static str, severity: Severity, summary: &'static str) -> Self {
        Self { id, severity, summary, explanation: "" }
    }

    /// The same with the long story, in Markdown: what is wrong and why it matters, a wrong script and the right one.
    #[must_use]
    pub const fn explained(mut self, explanation: &'static str) -> Self {
        self.explanation = explanation;
        self
    }
}

/// As its name.
impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $summary:literal;)*) => {
        /// Which problem a diagnostic is about. Names are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
            /// What an embedder's own rules and functions report.
            Own(&'static OwnCode),
        }

        impl Code {
            /// Every code of the language, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in reports, in kebab case.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* Self::Own(own) => own.id }
            }

            /// Whether it is an error or a warning.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* Self::Own(own) => own.severity }
            }

            /// Whether it is about a name that is not what its place takes: evaluation finds it only where it runs.
            pub const fn is_about_name(self) -> bool {
                matches!(
                    self,
                    Self::UnknownFunction
                        | Self::UnknownVariable
                        | Self::UnknownModule
                        | Self::OuterVariable
                        | Self::ClosureCall
                        | Self::FunctionAsValue
                        | Self::WrongArguments
                        | Self::ClosureConflict
                )
            }

            /// Whether the words of its message are the script's or an embedder's own.
            pub const fn is_of_script(self) -> bool {
                matches!(self, Self::UserError | Self::UserWarning | Self::FailedAssertion | Self::Own(_))
            }

            /// What it is about, in one line.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* Self::Own(own) => own.summary }
            }

            /// The long story, in Markdown: what is wrong and why it matters, a wrong script and the right one.
            pub const fn explanation(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../../docs/errors/", $id, ".md")),)*
                    Self::Own(own) => own.explanation,
                }
            }

            /// The code of the language that has this name.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.id() == id)
            }
        }
    };
}

codes! {
    // The text itself.
    NotUtf8 "not-utf8" Error "the file is not UTF-8";
    TooLong "too-long" Error "the text is longer than a script may be";
    UnknownCharacter "unknown-character" Error "a character that means nothing here";
    BadNumber "bad-number" Error "a number that cannot be read";
    BadEscape "bad-escape" Error "an escape that a text does not have";
    UnclosedText "unclosed-text" Error "a text without its closing quote";
    UnclosedInterpolation "unclosed-interpolation" Error "a `${` without its `}`";
    UnclosedComment "unclosed-comment" Error "a block comment without its end";
    SingleQuotes "single-quotes" Error "a text in single quotes";
    UnclosedBracket "unclosed-bracket" Error "a bracket that is never closed";
    UnexpectedBracket "unexpected-bracket" Error "a closing bracket that closes nothing";
    MissingSemicolon "missing-semicolon" Error "a statement without its `;`";
    MissingColon "missing-colon" Error "a key without its `:`";
    MissingComma "missing-comma" Error "two items without a `,` between them";
    EqualsInMap "equals-in-map" Error "`=` where a map takes `:`";
    BraceForMap "brace-for-map" Error "`{` where a map starts with `#{`";
    MissingExpression "missing-expression" Error "a place where a value should stand and does not";
    MissingName "missing-name" Error "a place where a name should stand and does not";
    MissingBlock "missing-block" Error "a place where `{ … }` should stand and does not";
    TrailingOperator "trailing-operator" Error "an operator without its right side";
    UnexpectedToken "unexpected-token" Error "something that cannot stand here";
    ForeignSpelling "foreign-spelling" Error "a spelling of another language";
    ReservedWord "reserved-word" Error "a reserved word as a name or key";
    NullValue "null-value" Error "`null` or the like, which the language writes `()`";
    DuplicateKey "duplicate-key" Error "a key that stands twice in one map";
    DuplicateFunction "duplicate-function" Error "a function that is defined twice";
    DuplicateParameter "duplicate-parameter" Error "a parameter that stands twice";
    AssignToConstant "assign-to-constant" Error "a constant that is assigned to";
    NotAssignable "not-assignable" Error "an assignment to what is not a variable";
    MisplacedStatement "misplaced-statement" Error "a statement that is not allowed in this place";
    BadCase "bad-case" Error "a case of a `switch` that cannot stand there";
    TooDeep "too-deep" Error "text that is nested too deeply";

    // Names.
    UnknownFunction "unknown-function" Error "a function that does not exist";
    UnknownVariable "unknown-variable" Error "a variable that does not exist";
    UnknownProperty "unknown-property" Error "a property that a value does not have";
    UnknownModule "unknown-module" Error "a module name that nothing imported";
    OuterVariable "outer-variable" Error "a function that uses a variable from outside";
    ClosureCall "closure-call" Error "a closure that is called like a function";
    FunctionAsValue "function-as-value" Error "a function's name where a value belongs";
    NotInterpolated "not-interpolated" Warning "`${…}` in plain quotes, which stays as it is";

    // Running.
    WrongArguments "wrong-arguments" Error "a call with the wrong arguments";
    WrongOperands "wrong-operands" Error "an operator between values that it does not take";
    WrongType "wrong-type" Error "a value of another type than the place takes";
    ReadOnly "read-only" Error "a change to something that can only be read";
    ClosureConflict "closure-conflict" Error "a value that is used by the very closure that works on it";
    OutOfBounds "out-of-bounds" Error "an index that is not in the array or text";
    BadArithmetic "bad-arithmetic" Error "a number that does not fit, or a division by zero";
    UncaughtError "uncaught-error" Error "something was thrown and nothing caught it";
    LimitReached "limit-reached" Error "the script ran into a limit";
    ImportNotFound "import-not-found" Error "a module that is not there";
    ImportOutsideRoot "import-outside-root" Error "a module outside of the project";
    ImportReserved "import-reserved" Error "a module path of no known form";
    ImportCycle "import-cycle" Error "modules that import each other in a circle";
    ImportUnreadable "import-unreadable" Error "a module that is there and cannot be read";
    PipelineInModule "pipeline-in-module" Error "a pipeline that a module's top level declares";
    MissingParameter "missing-parameter" Error "a parameter that was not given and has no default";
    BadParameter "bad-parameter" Error "a parameter's value of the wrong type";
    UserError "user-error" Error "the script itself says that something is wrong";
    UserWarning "user-warning" Warning "the script itself warns";
    FailedAssertion "failed-assertion" Error "a condition that the script demands does not hold";

    // Records.
    UnknownKey "unknown-key" Error "a key that a record does not have";
    MissingKey "missing-key" Error "keys that a record must have";
    BadType "bad-type" Error "a value of the wrong type for its key";
    BadValue "bad-value" Error "a value that its key does not take";
    UnknownRegion "unknown-region" Warning "a region that looks right and is not on the list";
    NestedList "nested-list" Error "an array where one item belongs";
    NameTooLong "name-too-long" Error "a name that makes another name too long";
    ReservedVariable "reserved-variable" Error "an environment variable that aphex sets itself";
    BroadPermission "broad-permission" Warning "a permission on everything";
    SwallowedCommand "swallowed-command" Warning "a command that keeps those after it from running";
    UnpinnedImage "unpinned-image" Error "an image without a version where images are pinned";

    // Across records.
    NoPipeline "no-pipeline" Error "a script that declares no pipeline";
    DuplicateName "duplicate-name" Error "a name that is taken";
    UnknownStack "unknown-stack" Error "a stack that no environment lists";
    DependencyCycle "dependency-cycle" Error "stacks that depend on each other in a circle";
    UnlistedDependency "unlisted-dependency" Warning "a dependency that the environment does not deploy";
    MixedPartitions "mixed-partitions" Error "accounts and regions of different AWS partitions";
    PipelineConflict "pipeline-conflict" Error "two pipelines that would overwrite each other's objects";
    Unused "unused" Warning "something that is declared and never used";
    MissingFile "missing-file" Warning "a file that is not there";
    ShortTimeout "short-timeout" Error "a run that may not last as long as its approvals";
    DanglingReference "dangling-reference" Error "an output that names what is not in it";
    BadArtifact "bad-artifact" Error "a file that an emitter may not write";
    NearLimit "near-limit" Warning "an output that is nearly larger than its taker accepts";
    TooLarge "too-large" Error "an output that is larger than its taker accepts";

    // A configuration of the original system, for `aphex import`.
    BadYaml "bad-yaml" Error "a configuration that is not one YAML document of texts, lists and maps";
    NotPortable "not-portable" Error "a value that the original system took and aphex does not";
    IgnoredKey "ignored-key" Warning "a key that the original system took no notice of";
    SeveralPaths "several-paths" Warning "a stack whose file differs from environment to environment";
}
