" Takes the indentation of each script in $SCRIPTS away, and has Vim indent it, once as a whole and once as it is typed.
let s:wrong = []
let s:count = 0

function! s:compare(path, before) abort
  let after = getline(1, '$')
  for line in range(max([len(a:before), len(after)]))
    if get(a:before, line, v:null) isnot get(after, line, v:null)
      call add(s:wrong, a:path . ':' . (line + 1) . ': ' . get(after, line, ''))
      return
    endif
  endfor
endfunction

for s:path in readfile($SCRIPTS)
  execute 'edit' fnameescape(s:path)
  let s:before = getline(1, '$')
  let s:count += len(s:before)
  " What is inside of a text or a comment of several lines stays.
  let s:bare = []
  for s:line in range(1, line('$'))
    let s:inside = synIDattr(synID(s:line, 1, 1), 'name') =~# 'Template\|Raw\|String\|Comment'
    call add(s:bare, s:inside ? s:before[s:line - 1] : substitute(s:before[s:line - 1], '^\s\+', '', ''))
  endfor
  call setline(1, s:bare)
  silent normal! gg=G
  call s:compare(s:path, s:before)
  if s:path =~# '^examples/' && s:bare ==# map(copy(s:before), 'substitute(v:val, "^\\s\\+", "", "")')
    setlocal formatoptions= textwidth=0
    silent %delete _
    execute 'silent normal! i' . join(s:bare, "\<CR>")
    call s:compare(s:path . ', typed', s:before)
  endif
  bwipeout!
endfor
let s:told = printf('%d lines of %d scripts are indented as `aphex fmt` does', s:count, len(readfile($SCRIPTS)))
call writefile([(empty(s:wrong) && s:count > 0 ? 'ok   ' : 'FAIL ') . s:told] + map(s:wrong, '"     " . v:val'), $RESULT)
qall!
