if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

let s:save_cpo = &cpo
set cpo&vim

setlocal commentstring=//\ %s comments=s1:/*,mb:*,ex:*/,:///,://!,://
setlocal expandtab shiftwidth=4 softtabstop=4 textwidth=120
setlocal formatoptions-=t formatoptions+=croql
setlocal suffixesadd=.aphex
compiler aphex

command! -buffer -bar -range=% AphexFormat call aphex#format(<line1>, <line2>)
command! -buffer -bar AphexGraph call aphex#show(['graph', expand('%')], '')
command! -buffer -bar -nargs=? AphexExplain call aphex#explain(<q-args>)

let b:undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< textwidth< formatoptions<'
      \ . ' suffixesadd< makeprg< errorformat<'
      \ . ' | delcommand AphexFormat | delcommand AphexGraph | delcommand AphexExplain'

let &cpo = s:save_cpo
unlet s:save_cpo
