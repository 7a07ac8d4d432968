" What colours a script without the language server.
if exists('b:current_syntax') || exists('b:ts_highlight')
  finish
endif

syntax keyword aphexStatement let const fn private import export as return throw
syntax keyword aphexConditional if else switch
syntax keyword aphexRepeat for in while until do loop break continue
syntax keyword aphexException try catch
syntax keyword aphexBoolean true false

syntax match aphexCall '\<\h\w*\>\ze\s*!\?(' contains=aphexStatement,aphexConditional,aphexRepeat,aphexException,aphexFunction
syntax match aphexProperty '\<\h\w*\>\ze\s*::\@!' contains=aphexKey
" functions: written from the declarations
syntax keyword aphexFunction contained stack environment pipeline github parallel sequence approval step
syntax keyword aphexFunction contained secret slack webhook param warn fail assert
" end
" keys: written from the declarations
syntax keyword aphexKey contained account actions after annotations approval argo args artifacts before branch
syntax keyword aphexKey contained bucket build builder builder_role builder_service_account cdk_qualifier
syntax keyword aphexKey contained clone_token cluster command commands concurrency conditions cpu depends_on
syntax keyword aphexKey contained deploy deployer directory effect event_bus event_source events_namespace
syntax keyword aphexKey contained executor_role executor_service_account explicit_variables export_prefix
syntax keyword aphexKey contained headers identity image images kind labels memory mode name names namespace
syntax keyword aphexKey contained notifications notifier on path paths permissions permissions_boundary
syntax keyword aphexKey contained pin_images port pull_requests region resources retention retries rollback
syntax keyword aphexKey contained secret_store secrets self_update sensor source stack stacks stages tags
syntax keyword aphexKey contained tester tests timeout token type url validate validator variables verify
syntax keyword aphexKey contained webhook_secret workflow_prefix workflow_template
" end

syntax match aphexNumber '\<\d[0-9_]*\(\.\d\+\)\?\>'
syntax match aphexEscape contained '\\\(x\x\{2}\|u\x\{4}\|U\x\{8}\|.\)'
syntax region aphexString start='"' skip='\\.' end='"' contains=aphexEscape
syntax region aphexCharacter start="'" skip='\\.' end="'" contains=aphexEscape oneline
syntax region aphexTemplate start='`' end='`' contains=aphexCode
syntax region aphexCode contained matchgroup=aphexDelimiter start='\${' end='}' contains=TOP,aphexBraces
syntax region aphexBraces contained transparent start='{' end='}' contains=TOP
syntax region aphexRaw start='\z(#\+\)"' end='"\z1'
syntax match aphexComment '//.*$' contains=aphexTodo
syntax match aphexDoc '//[/!].*$'
syntax region aphexComment start='/\*' end='\*/' contains=aphexComment,aphexTodo
syntax keyword aphexTodo contained TODO FIXME

highlight default link aphexStatement Statement
highlight default link aphexConditional Conditional
highlight default link aphexRepeat Repeat
highlight default link aphexException Exception
highlight default link aphexBoolean Boolean
highlight default link aphexCall Function
highlight default link aphexFunction Function
highlight default link aphexProperty Identifier
highlight default link aphexKey Identifier
highlight default link aphexNumber Number
highlight default link aphexEscape SpecialChar
highlight default link aphexString String
highlight default link aphexCharacter Character
highlight default link aphexTemplate String
highlight default link aphexDelimiter Delimiter
highlight default link aphexRaw String
highlight default link aphexComment Comment
highlight default link aphexDoc SpecialComment
highlight default link aphexTodo Todo

let b:current_syntax = 'aphex'
