(function_definition
  body: (block) @function.inner) @function.outer
(closure_expression
  body: (_) @function.inner) @function.outer

(call_expression
  arguments: (arguments) @call.inner) @call.outer

(arguments
  (_) @parameter.inner @parameter.outer)
(parameters
  (_) @parameter.inner @parameter.outer)
(closure_parameters
  (_) @parameter.inner @parameter.outer)
(array
  (_) @parameter.inner @parameter.outer)

(pair
  key: (_) @assignment.lhs
  value: (_) @assignment.rhs @assignment.inner) @assignment.outer
(let_declaration
  name: (_) @assignment.lhs
  value: (_) @assignment.rhs @assignment.inner) @assignment.outer
(const_declaration
  name: (_) @assignment.lhs
  value: (_) @assignment.rhs @assignment.inner) @assignment.outer
(assignment
  left: (_) @assignment.lhs
  right: (_) @assignment.rhs @assignment.inner) @assignment.outer

(map) @block.outer
(block) @block.outer

(if_expression
  consequence: (block) @conditional.inner) @conditional.outer
(switch_expression
  body: (switch_body) @conditional.inner) @conditional.outer

(for_expression
  body: (block) @loop.inner) @loop.outer
(while_expression
  body: (block) @loop.inner) @loop.outer
(loop_expression
  body: (block) @loop.inner) @loop.outer
(do_expression
  body: (block) @loop.inner) @loop.outer

(return_statement) @return.outer

[
  (integer)
  (float)
] @number.inner

[
  (line_comment)
  (block_comment)
  (doc_comment)
] @comment.outer
