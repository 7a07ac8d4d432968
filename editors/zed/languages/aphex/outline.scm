(function_definition
  "fn" @context
  name: (identifier) @name) @item

(const_declaration
  "const" @context
  name: (identifier) @name) @item

((call_expression
  function: (identifier) @context
  arguments: (arguments
    .
    (string) @name)) @item
  (#any-of? @context "stack" "environment" "pipeline" "step"))
