" What colours a script without the language server, in Vim and Neovim.
if exists('b:current_syntax') || exists('b:ts_highlight')
  finish
endif

syntax keyword aphexStatement let const fn private import export as return throw
syntax keyword aphexConditional if else switch
syntax keyword aphexRepeat for in while until do loop break continue
syntax keyword aphexException try catch
syntax keyword aphexBoolean true false
syntax keyword aphexThis this
" reserved: written from the declarations
syntax keyword aphexReserved async await case default eval go goto is match module new nil null package
syntax keyword aphexReserved protected public shared spawn static super sync thread use var void with yield
" end

syntax match aphexCall '\<_*\a\w*\>\ze\_s*\%(/\*\_.\{-}\*/\_s*\)*!\?\_s*(' contains=aphexFunction
syntax match aphexProperty '\<_*\a\w*\>\ze\_s*\%(/\*\_.\{-}\*/\_s*\)*::\@!' contains=aphexKey
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

syntax match aphexOperator '!in\>'
syntax match aphexNumber '\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?[0-9_]\+\)\?\>'
syntax match aphexNumber '\<0_*\%([xX][0-9a-fA-F_]\+\|[oO][0-7_]\+\|[bB][01_]\+\)\>'
syntax match aphexEscape contained '""\|\\\%(x\x\{2}\|u\x\{4}\|U\x\{8}\|.\|$\)'
syntax match aphexTick contained '``\|\\\${'
" A text ends with its line, unless that ends with `\`.
syntax region aphexString start='"' skip='\\.\|""\|\\$' end='"' end='$' contains=aphexEscape
syntax region aphexCharacter start="'" skip='\\.' end="'" end='$' contains=aphexEscape oneline
syntax region aphexTemplate start='`' skip='``' end='`' contains=aphexTick,aphexCode
syntax region aphexCode contained matchgroup=aphexDelimiter start='\${' end='}' contains=TOP
syntax region aphexBraces transparent start='{' end='}' contains=TOP
" An empty text, whose second quote is not the first of two.
syntax match aphexString '""'
syntax match aphexTemplate '``'
syntax region aphexRaw start='\z(#\+\)"' end='"\z1'
syntax match aphexComment '//.*$' contains=aphexTodo,@Spell
syntax match aphexDoc '//\%(!\|//\@!\).*$' contains=aphexTodo,@Spell
syntax region aphexComment start='/\*' end='\*/' contains=aphexComment,aphexTodo,@Spell
syntax keyword aphexTodo contained TODO FIXME
syntax sync fromstart

highlight default link aphexStatement Statement
highlight default link aphexConditional Conditional
highlight default link aphexRepeat Repeat
highlight default link aphexException Exception
highlight default link aphexBoolean Boolean
highlight default link aphexThis Identifier
highlight default link aphexReserved Error
highlight default link aphexCall Function
highlight default link aphexFunction Function
highlight default link aphexProperty Identifier
highlight default link aphexKey Identifier
highlight default link aphexOperator Operator
highlight default link aphexNumber Number
highlight default link aphexEscape SpecialChar
highlight default link aphexTick SpecialChar
highlight default link aphexString String
highlight default link aphexCharacter Character
highlight default link aphexTemplate String
highlight default link aphexDelimiter Delimiter
highlight default link aphexRaw String
highlight default link aphexComment Comment
highlight default link aphexDoc SpecialComment
highlight default link aphexTodo Todo

let b:current_syntax = 'aphex'
