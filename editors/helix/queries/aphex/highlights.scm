; Where two patterns colour the same word, the later one counts.

; Names.

(identifier) @variable
(this) @variable.builtin

((identifier) @constant
  (#match? @constant "^_*[A-Z][A-Z0-9_]*$"))
(const_declaration
  name: (identifier) @constant)

(parameters
  (identifier) @variable.parameter)
(closure_parameters
  (identifier) @variable.parameter)
(catch_clause
  parameter: (identifier) @variable.parameter)

(scoped_identifier
  path: (identifier) @namespace)
(import_statement
  alias: (identifier) @namespace)

; Functions, where they are defined and called. One that is passed is a variable.

(function_definition
  receiver: (identifier) @type)
(function_definition
  name: (identifier) @function)

(call_expression
  function: (identifier) @function)
(call_expression
  function: (scoped_identifier
    name: (identifier) @function))

; functions: written from the declarations
((call_expression
  function: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "stack"
    "environment"
    "pipeline"
    "github"
    "parallel"
    "sequence"
    "approval"
    "step"
    "secret"
    "slack"
    "webhook"
    "param"
    "warn"
    "fail"
    "assert"
  ))
; end

((call_expression
  function: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "Fn" "call" "curry" "debug" "is_def_fn" "is_def_var" "is_shared" "print" "type_of"))

; Properties and keys.

(member_expression
  property: (property_identifier) @variable.other.member)
(call_expression
  function: (member_expression
    property: (property_identifier) @function.method))

(pair
  key: (property_identifier) @variable.other.member)

; keys: written from the declarations
((pair
  key: (property_identifier) @variable.other.member)
  (#any-of? @variable.other.member
    "account"
    "actions"
    "after"
    "annotations"
    "approval"
    "argo"
    "args"
    "artifacts"
    "before"
    "branch"
    "bucket"
    "build"
    "builder"
    "builder_role"
    "builder_service_account"
    "cdk_qualifier"
    "clone_token"
    "cluster"
    "command"
    "commands"
    "concurrency"
    "conditions"
    "cpu"
    "depends_on"
    "deploy"
    "deployer"
    "directory"
    "effect"
    "event_bus"
    "event_source"
    "events_namespace"
    "executor_role"
    "executor_service_account"
    "explicit_variables"
    "export_prefix"
    "headers"
    "identity"
    "image"
    "images"
    "kind"
    "labels"
    "memory"
    "mode"
    "name"
    "names"
    "namespace"
    "notifications"
    "notifier"
    "on"
    "path"
    "paths"
    "permissions"
    "permissions_boundary"
    "pin_images"
    "port"
    "pull_requests"
    "region"
    "resources"
    "retention"
    "retries"
    "rollback"
    "secret_store"
    "secrets"
    "self_update"
    "sensor"
    "source"
    "stack"
    "stacks"
    "stages"
    "tags"
    "tester"
    "tests"
    "timeout"
    "token"
    "type"
    "url"
    "validate"
    "validator"
    "variables"
    "verify"
    "webhook_secret"
    "workflow_prefix"
    "workflow_template"
  ))
; end

; Literals.

[
  (string)
  (raw_string)
] @string
(template_string
  "`" @string)
(template_string
  (string_content) @string)
(character) @constant.character
(escape_sequence) @constant.character.escape

(integer) @constant.numeric.integer
(float) @constant.numeric.float
(boolean) @constant.builtin.boolean

; Words of the language.

[
  "let"
  "const"
  "private"
  "export"
] @keyword.storage
"fn" @keyword.function
[
  "if"
  "else"
  "switch"
] @keyword.control.conditional
[
  "do"
  "while"
  "until"
  "loop"
  "for"
  "in"
  "break"
  (continue_statement)
] @keyword.control.repeat
"return" @keyword.control.return
[
  "throw"
  "try"
  "catch"
] @keyword.control.exception
[
  "import"
  "as"
] @keyword.control.import
(binary_expression
  "in" @keyword.operator)

; Symbols.

[
  "+" "-" "*" "/" "%" "**" "<<" ">>" "&" "|" "^" "&&" "||" "??" "!" "!in"
  "==" "!=" "<" ">" "<=" ">=" ".." "..="
  "=" "+=" "-=" "*=" "/=" "%=" "**=" "<<=" ">>=" "&=" "|=" "^=" "=>"
] @operator
(closure_parameters
  "|" @punctuation.bracket)
(wildcard) @constant.builtin

[ "(" ")" "[" "]" "{" "}" "#{" "?[" ] @punctuation.bracket
[ "," ";" ":" "." "?." "::" ] @punctuation.delimiter
(unit
  [ "(" ")" ] @constant.builtin)
(template_substitution
  [ "${" "}" ] @punctuation.special)

; Comments.

[
  (line_comment)
  (block_comment)
] @comment
(doc_comment) @comment.block.documentation
