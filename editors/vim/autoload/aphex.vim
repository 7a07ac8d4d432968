" What the commands do.

function! s:problem(text) abort
  echohl ErrorMsg
  for line in a:text
    echomsg line
  endfor
  echohl None
endfunction

" Runs aphex with `arguments` and `input`: what it prints, what it says of problems, and how it ended.
function! s:aphex(arguments, input) abort
  let errors = tempname()
  let command = join(map(['aphex', '--color', 'never'] + a:arguments, 'shellescape(v:val)')) . ' 2>' . shellescape(errors)
  let printed = a:input is v:null ? systemlist(command) : systemlist(command, a:input)
  let status = v:shell_error
  let said = filereadable(errors) ? readfile(errors) : []
  call delete(errors)
  return [printed, said, status]
endfunction

" Formats these lines of the buffer, as `aphex fmt` does; a script that cannot be read stays as it is.
function! aphex#format(first, last) abort
  let before = getline(1, '$')
  let range = a:first == 1 && a:last == line('$') ? [] : ['--range', a:first . ':' . a:last]
  let [after, said, status] = s:aphex(['fmt', '--message-format', 'short'] + range + ['-'], before)
  if status != 0
    return s:problem(said)
  endif
  if after ==# before
    return
  endif
  " Lines that are the same at both ends stay, and marks in them.
  let head = 0
  while head < min([len(before), len(after)]) && before[head] ==# after[head]
    let head += 1
  endwhile
  let tail = 0
  while tail < min([len(before), len(after)]) - head && before[-1 - tail] ==# after[-1 - tail]
    let tail += 1
  endwhile
  let view = winsaveview()
  let new = after[head : len(after) - tail - 1]
  if len(before) > head + tail
    silent execute 'keepjumps' (head + 1) . ',' . (len(before) - tail) . 'delete _'
  endif
  " A buffer that has lost all its lines has an empty one.
  let emptied = head == 0 && tail == 0
  call append(head, len(after) > head + tail ? new : [])
  if emptied
    silent keepjumps $delete _
  endif
  call winrestview(view)
endfunction

" Opens what aphex prints in a window of its own.
function! aphex#show(arguments, filetype) abort
  let [printed, said, status] = s:aphex(a:arguments, v:null)
  if status != 0
    return s:problem(said)
  endif
  new
  setlocal buftype=nofile bufhidden=wipe noswapfile
  call setline(1, printed)
  let &l:filetype = a:filetype
  setlocal nomodifiable
endfunction

" Opens the page of a kind of problem; without a code, that of the problem of `:make` in the cursor's line.
function! aphex#explain(code) abort
  let code = a:code
  if empty(code)
    let here = filter(getqflist(), 'v:val.valid && v:val.bufnr == ' . bufnr('%') . ' && v:val.lnum == ' . line('.'))
    let code = empty(here) ? '' : matchstr(here[0].text, '\[\zs[a-z0-9-]\+\ze\]')
  endif
  if empty(code)
    return s:problem(['no problem of `:make` is in this line; `:AphexExplain CODE` takes a code'])
  endif
  call aphex#show(['explain', code], 'markdown')
endfunction
