[
  (map)
  (array)
  (arguments)
  (parameters)
  (block)
  (switch_body)
  (parenthesized_expression)
  (subscript_expression)
] @indent

[ "}" "]" ")" ] @outdent
