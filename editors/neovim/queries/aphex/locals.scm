; Scopes. A closure sees the variables around it, a function does not.

[
  (source_file)
  (block)
  (closure_expression)
  (for_expression)
  (catch_clause)
  (template_substitution)
] @local.scope

((function_definition) @local.scope
  (#set! local.scope-inherits false))

; Definitions.

(let_declaration
  name: (identifier) @local.definition)
(const_declaration
  name: (identifier) @local.definition)
(import_statement
  alias: (identifier) @local.definition)
(function_definition
  name: (identifier) @local.definition)
(parameters
  (identifier) @local.definition)
(closure_parameters
  (identifier) @local.definition)
(for_expression
  item: (identifier) @local.definition)
(for_expression
  counter: (identifier) @local.definition)
(catch_clause
  parameter: (identifier) @local.definition)

; References.

(identifier) @local.reference
