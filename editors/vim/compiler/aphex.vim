" `:make` checks the script; the kind of each problem stays in brackets before its message.
if exists('current_compiler')
  finish
endif
let current_compiler = 'aphex'

let s:save_cpo = &cpo
set cpo&vim

CompilerSet makeprg=aphex\ check\ --quiet\ --message-format\ short\ %:S
" Columns are characters.
CompilerSet errorformat=%f:%l:%v:\ %trror%m,%f:%l:%v:\ %tarning%m,%trror%m

let &cpo = s:save_cpo
unlet s:save_cpo
