[
  (string)
  (raw_string)
  (template_string)
] @string

[
  (line_comment)
  (block_comment)
  (doc_comment)
] @comment
