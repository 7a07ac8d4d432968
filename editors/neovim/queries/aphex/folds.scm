[
  (map)
  (array)
  (arguments)
  (block)
  (switch_body)
  (block_comment)
  (template_string)
  (raw_string)
] @fold

(line_comment)+ @fold
(doc_comment)+ @fold
