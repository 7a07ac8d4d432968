" Vim opens a script, and does what a person would.
let s:told = []

function! s:check(what, good, ...) abort
  call add(s:told, (a:good ? 'ok   ' : 'FAIL ') . a:what . (a:0 && !a:good ? ' (' . string(a:1) . ')' : ''))
endfunction

" The group of the text that `pattern` finds first.
function! s:group(pattern) abort
  call cursor(1, 1)
  let [line, column] = searchpos(a:pattern, 'c')
  return synIDattr(synID(line, column, 1), 'name')
endfunction

function! s:run() abort
  execute 'cd' fnameescape($PROJECT)
  let script = [
        \ 'let dev = environment("dev", #{ account: "111111111111", region: "us-east-1", stacks: [stack("App")] });',
        \ 'pipeline("shop", #{',
        \ '    cluster: "company", account: "999999999999", region: "us-east-1", source: github("my-org/shop"),',
        \ '    build: ["npm ci"], stages: [dev], owner: "me",',
        \ '});',
        \ ]
  call writefile(script, 'a script.aphex')
  edit a\ script.aphex
  call s:check('the file type', &filetype ==# 'aphex', &filetype)
  call s:check('a comment is written as one', &commentstring ==# '// %s')
  for [pattern, group] in [
        \ ['let', 'aphexStatement'], ['environment', 'aphexFunction'], ['account', 'aphexKey'], ['"dev"', 'aphexString'],
        \ ['owner', 'aphexProperty'], ['dev\]', ''],
        \ ]
    call s:check('the colour of ' . pattern, s:group(pattern) ==# group, s:group(pattern))
  endfor
  let words = json_decode(join(readfile($WORDS), ''))
  for [list, format, group] in [
        \ ['functions', '%s(1)', 'aphexFunction'], ['keys', '#{ %s: 1 }', 'aphexKey'], ['callable', '%s(1)', 'aphexCall'],
        \ ['reserved', 'let %s = 1', 'aphexReserved\|aphexThis'],
        \ ['keywords', '%s', 'aphexStatement\|aphexConditional\|aphexRepeat\|aphexException\|aphexBoolean'],
        \ ]
    enew!
    setlocal filetype=aphex
    call setline(1, map(copy(words[list]), 'printf(format, v:val)'))
    let wrong = []
    for at in range(len(words[list]))
      let name = synIDattr(synID(at + 1, match(format, '%s') + 1, 1), 'name')
      call extend(wrong, name =~# '^\%(' . group . '\)$' ? [] : [words[list][at] . ': ' . name])
    endfor
    call s:check(len(words[list]) . ' ' . list . ' have their colour', empty(wrong), wrong)
  endfor

  " Problems, by `:make`.
  silent edit! a\ script.aphex
  call setline(2, '    /* äöü */ pipeline("shop", #{')
  silent write
  silent make
  let found = filter(getqflist(), 'v:val.valid')
  call s:check('`:make` finds a problem', len(found) == 1, getqflist())
  let one = get(found, 0, {})
  call s:check('in this file', get(one, 'bufnr') == bufnr('%'))
  call s:check('its kind is told', get(one, 'text', '') =~# '^\[unknown-key\]: ' && get(one, 'type') ==# 'e', one)
  call s:check('the cursor goes to it', strpart(getline('.'), col('.') - 1) =~# '^owner:', [line('.'), col('.')])
  call setline(2, '/* äöü */ pipelin("shop", #{')
  silent write
  silent make
  call s:check('also behind letters of several bytes', strpart(getline('.'), col('.') - 1) =~# '^pipelin(', [line('.'), col('.')])
  silent AphexExplain
  call s:check('its page opens', getline(1) =~# '^# unknown-' && &filetype ==# 'markdown', getline(1))
  bwipeout
  call setline(2, script[1])

  " Formatting.
  silent AphexFormat
  call s:check('`:AphexFormat` formats', getline(3) ==# '    cluster: "company",', getline(1, 3))
  silent write
  call s:check('as `aphex fmt` does', getline(1, '$') ==# systemlist('aphex fmt - < ' . shellescape(expand('%'))))
  let tick = b:changedtick
  silent AphexFormat
  call s:check('and then leaves it alone', b:changedtick == tick)
  let lines = line('$')
  call append(0, ['let  a =  1;', '', 'let  b =  2;'])
  silent 1AphexFormat
  call s:check('a range alone', getline(1, 3) ==# ['let a = 1;', '', 'let  b =  2;'] && line('$') == lines + 3, getline(1, 3))
  silent undo
  call setline(1, 'let = ;')
  let before = getline(1, '$')
  silent AphexFormat
  call s:check('a script that cannot be read stays as it is', getline(1, '$') ==# before)
  silent edit!

  " The graph, which needs a script without errors.
  silent global/owner:/delete _
  silent write
  silent make
  call s:check('a script without mistakes has no problems', empty(filter(getqflist(), 'v:val.valid')), getqflist())
  silent AphexGraph
  call s:check('the graph opens', search('deploy-dev') > 0, getline(1, '$'))
  bwipeout

  " A line below one with open brackets.
  silent edit! a\ script.aphex
  silent normal! Goif a {
  silent normal! o}
  call s:check('a closing brace stands below its line', getline('$') ==# '}', getline('$'))
  silent edit!
  setfiletype aphex
  set filetype=text
  call s:check('another file type finds nothing left', &l:indentexpr ==# '' && !exists(':AphexFormat') && &commentstring !=# '// %s')
  bwipeout!

  " Beside the plugin of Neovim, in one runtime path.
  execute 'set runtimepath+=' . fnameescape(fnamemodify($WORDS, ':h') . '/neovim')
  let v:errmsg = ''
  silent edit a\ script.aphex
  call s:check('Neovim''s plugin beside it changes nothing', v:errmsg ==# '' && &makeprg =~# '^aphex ' && s:group('environment') ==# 'aphexFunction', v:errmsg)
endfunction

try
  call s:run()
catch
  call s:check('the test runs to its end', 0, v:exception . ' at ' . v:throwpoint)
endtry
call writefile(s:told, $RESULT)
qall!
