(map "}" @end) @indent
(array "]" @end) @indent
(arguments ")" @end) @indent
(parameters ")" @end) @indent
(block "}" @end) @indent
(switch_body "}" @end) @indent
(parenthesized_expression ")" @end) @indent
(subscript_expression "]" @end) @indent
