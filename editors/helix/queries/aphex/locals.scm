; A parameter keeps its colour where it is used.

[
  (function_definition)
  (closure_expression)
  (catch_clause)
] @local.scope

(parameters
  (identifier) @local.definition.variable.parameter)
(closure_parameters
  (identifier) @local.definition.variable.parameter)
(catch_clause
  parameter: (identifier) @local.definition.variable.parameter)

(identifier) @local.reference
