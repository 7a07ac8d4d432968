-- Neovim opens a project, and does what a person would.
local harness = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/harness.lua')
local check, wait, lines, project = harness.check, harness.wait, harness.lines, harness.project

local function codes()
  return vim.tbl_map(function(one)
    return one.code or vim.tbl_get(one, 'user_data', 'lsp', 'code')
  end, vim.diagnostic.get(0))
end

local function ask(method, more)
  local params = vim.lsp.util.make_position_params(0, 'utf-16')
  local answers = vim.lsp.buf_request_sync(0, method, vim.tbl_extend('force', params, more or {}), 5000)
  for _, answer in pairs(answers or {}) do
    return answer.result, answer.err
  end
end

local function run()
  -- From 0.11 on it may be started this way, or by `setup()`, or both.
  if vim.lsp.enable then
    vim.lsp.enable('aphex')
  end
  vim.cmd('edit ' .. project .. '/pipeline.aphex')
  check('the file type', vim.bo.filetype == 'aphex', vim.bo.filetype)
  check('a comment is written as one', vim.bo.commentstring == '// %s')
  check('the server is there', wait(harness.attached))
  -- The first problems: there are none.
  check('a script without a mistake has no problem', not wait(function() return #codes() > 0 end, 600))

  -- A mistake, typed.
  vim.fn.search('account:')
  vim.cmd('normal! cwacount')
  local started = vim.loop.hrtime()
  local found = wait(function() return vim.tbl_contains(codes(), 'unknown-key') end, 2000)
  local passed = (vim.loop.hrtime() - started) / 1e6
  check('`acount:` is underlined', found, string.format('%.0f ms after it was typed', passed))
  local mistake = vim.diagnostic.get(0)[1] or {}
  local line = lines()[(mistake.lnum or 0) + 1] or ''
  check('it alone is marked', line:sub((mistake.col or 0) + 1, mistake.end_col or 0) == 'acount', line)

  -- The fix.
  vim.api.nvim_win_set_cursor(0, { mistake.lnum + 1, mistake.col })
  if vim.fn.has('nvim-0.8') == 1 then
    vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.isPreferred end })
  else
    -- There is no such choice in 0.7: the action is asked for and carried out by hand.
    local range = { start = { line = mistake.lnum, character = mistake.col }, ['end'] = { line = mistake.lnum, character = mistake.col } }
    local actions = ask('textDocument/codeAction', { range = range, context = { diagnostics = {} } })
    vim.lsp.util.apply_workspace_edit(actions[1].edit, 'utf-16')
  end
  check('the code action fixes it', wait(function() return #codes() == 0 end), table.concat(codes(), ' '))

  -- Completion in an empty map.
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'let x = environment("x", #{  });' })
  vim.api.nvim_win_set_cursor(0, { #lines(), 28 })
  local items = ask('textDocument/completion')
  table.sort(items, function(a, b) return a.sortText < b.sortText end)
  local first = table.concat({ items[1].label, items[2].label, items[3].label }, ' ')
  check('the missing required keys come first', first == 'account region stacks', first)
  check('with their docs', items[1].documentation and items[1].documentation.value:find('AWS account', 1, true) ~= nil)
  check('completion without a plugin is there', vim.bo.omnifunc == 'v:lua.vim.lsp.omnifunc', vim.bo.omnifunc)
  vim.cmd('normal! dd')
  wait(function() return #codes() == 0 end)

  -- Hover.
  vim.fn.search('environment(')
  local hover = ask('textDocument/hover')
  check('hover tells what comes of an environment', hover and hover.contents.value:find('deploy-dev', 1, true) ~= nil)

  -- Code lens, preview, and back.
  local lenses = ask('textDocument/codeLens')
  local title = lenses and lenses[#lenses] and lenses[#lenses].command.title or ''
  check('a lens tells what a pipeline becomes', title:find('Kubernetes objects') ~= nil, title)
  vim.ui.select = function(files, _, choose)
    for _, file in ipairs(files) do
      if file.path == 'kubernetes/workflow-template.yaml' then choose(file) end
    end
  end
  local script = vim.api.nvim_get_current_buf()
  vim.lsp.commands['aphex.preview'](lenses[#lenses].command)
  check('the preview opens', wait(function() return vim.bo.filetype == 'yaml' end))
  check('nobody edits it', not vim.bo.modifiable)
  vim.fn.search('name: deploy-dev')
  local preview, windows = vim.api.nvim_get_current_buf(), #vim.api.nvim_list_wins()
  vim.cmd('normal gd')
  check('`gd` leads back to the script', wait(function() return vim.api.nvim_get_current_buf() == script end))
  check('to the environment', vim.api.nvim_get_current_line():find('environment("dev"', 1, true) ~= nil, vim.api.nvim_get_current_line())
  check('beside the preview, which stays open', #vim.api.nvim_list_wins() == windows and vim.fn.bufwinid(preview) ~= -1)
  vim.cmd('only')

  -- Rename of an environment that another module names.
  vim.cmd('edit ' .. project .. '/envs.aphex')
  wait(harness.attached)
  vim.fn.search('"prod"')
  vim.cmd('normal! l')
  vim.lsp.buf.rename('production')
  check('the environment has its new name', wait(function() return table.concat(lines()):find('"production"', 1, true) ~= nil end))
  local other = table.concat(lines(vim.fn.bufnr(project .. '/pipeline.aphex')), '\n')
  check('where it is named too', other:find('names: ["production"]', 1, true) ~= nil, other:match('names: [^}]*'))
  check('and nothing else', other:find('stage: "prod"', 1, true) ~= nil and table.concat(lines()):find('STAGE: "prod"', 1, true) ~= nil)

  -- Formatting.
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'const   A=1;' })
  if vim.lsp.buf.format then vim.lsp.buf.format({ async = false }) else vim.lsp.buf.formatting_sync(nil, 5000) end
  check('formatting', wait(function() return vim.tbl_contains(lines(), 'const A = 1;') end), lines()[#lines()])

  -- The page of a problem.
  require('aphex').explain('unknown-key')
  check('a problem is explained', wait(function() return vim.bo.filetype == 'markdown' and lines()[1] == '# unknown-key' end))

  -- What the commands open.
  vim.cmd('only | buffer ' .. script)
  vim.cmd('AphexGraph')
  local function shows(text)
    return wait(function() return table.concat(lines(), '\n'):find(text, 1, true) ~= nil end)
  end
  check('the graph is a tree', shows('deploy-dev'))
  vim.cmd('bwipeout! | buffer ' .. script)
  vim.cmd('cd ' .. project .. ' | AphexRun')
  check('a run writes what the script becomes', wait(function()
    return vim.fn.filereadable(project .. '/aphex.out/shop/pipeline.json') == 1
  end))
  vim.cmd('bwipeout!')
  vim.cmd('silent checkhealth aphex')
  check('the health check finds aphex', shows('aphex 0'))
  vim.cmd('bwipeout!')

  -- A line below one with open brackets.
  vim.cmd('edit! ' .. project .. '/pipeline.aphex')
  local before = lines()
  vim.cmd('silent normal! gg=G')
  check('lines are indented as `aphex fmt` does', vim.deep_equal(before, lines()))
  vim.cmd('silent normal! Goif a {')
  vim.cmd('silent normal! o}')
  check('a closing brace stands below its line', lines()[#lines()] == '}', lines()[#lines()])
  vim.cmd('silent normal! u')

  check('there is one server for all of this', harness.attached())

  -- Without the server: words have colours.
  vim.cmd('buffer ' .. vim.fn.bufnr(project .. '/envs.aphex'))
  local function group(pattern)
    vim.fn.cursor(1, 1)
    local at = vim.fn.searchpos(pattern, 'c')
    return vim.fn.synIDattr(vim.fn.synID(at[1], at[2], 1), 'name')
  end
  check('a function has its colour', group('environment(') == 'aphexFunction', group('environment('))
  check('a key has its colour', group('region:') == 'aphexKey', group('region:'))
end

harness.run(run)
