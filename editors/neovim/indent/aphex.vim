" How far a line is indented, as `aphex fmt` would: one step for each line with open brackets, one for a line that goes on.
if exists('b:did_indent')
  finish
endif
let b:did_indent = 1

setlocal nolisp noautoindent indentexpr=AphexIndent(v:lnum) indentkeys=0},0],0),0.,!^F,o,O
let b:undo_indent = 'setlocal lisp< autoindent< indentexpr< indentkeys<'

if exists('*AphexIndent')
  finish
endif

let s:save_cpo = &cpo
set cpo&vim

let s:closers = {'(': ')', '[': ']', '{': '}'}

" What is open after a line, given what was open before it. `open` has for each bracket its line, what closes it, whether it is
" a `${` in a text, which goes on after it, and how many steps too far its line is indented.
function! s:scan(state, number, line) abort
  let state = deepcopy(a:state)
  let [open, line, at, end] = [state.open, a:line, 0, strlen(a:line)]
  while at < end
    if state.comment > 0
      let next = match(line, '/\*\|\*/', at)
      if next < 0
        break
      endif
      let state.comment += line[next] ==# '/' ? 1 : -1
      let at = next + 2
    elseif state.text ==# '`'
      let [word, start, at] = matchstrpos(line, '\\\${\|`\|\${', at)
      if start < 0
        break
      elseif word ==# '`'
        let [state.text, state.last] = ['', '`']
      elseif word ==# '${'
        call add(open, {'line': a:number, 'close': '}', 'text': 1, 'back': 0})
        let [state.text, state.last] = ['', '{']
      endif
    elseif !empty(state.text)
      " A plain text steps over what a `\` is before, a raw one does not.
      let passed = matchend(line[at :], state.text ==# '"' ? '^\%(\\.\|[^"\\]\)*"' : '^.\{-}' . state.text)
      if passed < 0
        break
      endif
      let at += passed
      let [state.text, state.last] = ['', '"']
    else
      let [word, start, at] = matchstrpos(line, '//\|/\*\|#\+"\|["`]\|''\\\?[^'']*''\?\|[][(){}]\|[^[:space:]]', at)
      if start < 0 || word ==# '//'
        break
      elseif word ==# '/*'
        let state.comment = 1
      elseif word[-1:] =~# '["`]' && word[0] !=# "'"
        let state.text = word[-1:] . word[:-2]
      elseif has_key(s:closers, word)
        " The block of a condition that goes on in this line stands below the line where the condition starts.
        let back = word ==# '{' && state.last !~# '[#|]' && line =~# '^\s*\%(&&\|||\)'
        call add(open, {'line': a:number, 'close': s:closers[word], 'text': 0, 'back': back})
        let state.last = word
      elseif !empty(open) && word ==# open[-1].close
        let state.text = remove(open, -1).text ? '`' : ''
        let state.last = word
      else
        let state.last = word[-1:]
      endif
    endif
  endwhile
  " A text in double quotes that is not closed ends with its line, unless that ends with `\`.
  if state.text ==# '"' && line[-1:] !=# '\'
    let state.text = ''
  endif
  return state
endfunction

" What is open before a line. The lines above it that have not changed since the last time are not read again.
function! s:before(number) abort
  let lines = getline(1, a:number - 1)
  let known = get(b:, 'aphex_indent', {'lines': [], 'states': []})
  let same = min([len(lines), len(known.lines)])
  if same > 0 && lines[: same - 1] !=# known.lines[: same - 1]
    let same = 0
    while lines[same] ==# known.lines[same]
      let same += 1
    endwhile
  endif
  let states = same > 0 ? known.states[: same - 1] : []
  for at in range(same, len(lines) - 1)
    let last = at > 0 ? states[at - 1] : {'open': [], 'last': ';', 'comment': 0, 'text': ''}
    call add(states, s:scan(last, at + 1, lines[at]))
  endfor
  let b:aphex_indent = {'lines': lines, 'states': states}
  return empty(states) ? {'open': [], 'last': ';', 'comment': 0, 'text': ''} : states[-1]
endfunction

function! s:base(bracket) abort
  return indent(a:bracket.line) - a:bracket.back * shiftwidth()
endfunction

function! AphexIndent(number) abort
  let state = s:before(a:number)
  if !empty(state.text) || state.comment > 0
    return -1
  endif
  let [line, open] = [getline(a:number), state.open]
  let closers = matchstr(line, '^\s*\zs[])}]\+')
  if !empty(closers) && !empty(open)
    " The brackets that end here go back to the line of the first of them that was opened.
    return s:base(open[max([0, len(open) - len(closers)])])
  endif
  let base = empty(open) ? 0 : s:base(open[-1]) + shiftwidth()
  " A block on a line of its own stands below the condition before it, however many lines that has.
  let goes_on = line !~# '^\s*{' && (line =~# '^\s*?\?\.' || state.last !~# '[;,{(\[}]')
  return base + (goes_on ? shiftwidth() : 0)
endfunction

let &cpo = s:save_cpo
unlet s:save_cpo
