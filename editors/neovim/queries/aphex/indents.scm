[
  (map)
  (array)
  (arguments)
  (parameters)
  (block)
  (switch_body)
  (parenthesized_expression)
  (subscript_expression)
] @indent.begin

[ "}" "]" ")" ] @indent.branch @indent.end

; A bracket that is left open while one types.
(ERROR
  [ "{" "#{" "[" "(" ]) @indent.begin

[
  (block_comment)
  (template_string)
  (raw_string)
] @indent.ignore
