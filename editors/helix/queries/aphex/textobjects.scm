(function_definition
  body: (block) @function.inside) @function.around
(closure_expression
  body: (_) @function.inside) @function.around

(parameters
  ((_) @parameter.inside . ","? @parameter.around) @parameter.around)
(closure_parameters
  ((_) @parameter.inside . ","? @parameter.around) @parameter.around)
(arguments
  ((_) @parameter.inside . ","? @parameter.around) @parameter.around)

(array
  (_) @entry.around)
(pair
  value: (_) @entry.inside) @entry.around

[
  (line_comment)
  (block_comment)
  (doc_comment)
] @comment.inside
(line_comment)+ @comment.around
(doc_comment)+ @comment.around
(block_comment) @comment.around
