" Writes for each script in $SCRIPTS, below $COLOURS, what the patterns say of every byte.
let s:letters = {}
for [s:letter, s:names] in [
      \ ['k', 'Statement Conditional Repeat Exception Boolean'],
      \ ['t', 'String Character Template Raw Escape Tick'],
      \ ['c', 'Comment Doc Todo'],
      \ ['f', 'Call Function'],
      \ ['y', 'Property Key'],
      \ ]
  for s:name in split(s:names)
    let s:letters['aphex' . s:name] = s:letter
  endfor
endfor

function! s:letter(line, column) abort
  return get(s:letters, synIDattr(synID(a:line, a:column, 1), 'name'), '.')
endfunction

for s:path in readfile($SCRIPTS)
  execute 'edit' fnameescape(s:path)
  let s:lines = map(range(1, line('$')), 'join(map(range(1, strlen(getline(v:val))), "s:letter(" . v:val . ", v:val)"), "")')
  let s:target = $COLOURS . '/' . s:path
  call mkdir(fnamemodify(s:target, ':h'), 'p')
  call writefile(s:lines, s:target)
  bwipeout
endfor
qall!
