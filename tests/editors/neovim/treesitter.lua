-- Neovim with the tree-sitter parser, as the README builds it.
local harness = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':h') .. '/harness.lua')
local check, project = harness.check, harness.project

local get_query = vim.treesitter.query.get or vim.treesitter.query.get_query

--- What the query says of the text that `pattern` finds.
local function captures(pattern)
  vim.fn.cursor(1, 1)
  local row, column = unpack(vim.fn.searchpos(pattern, 'c'))
  row, column = row - 1, column - 1
  local query, names = get_query('aphex', 'highlights'), {}
  local root = vim.treesitter.get_parser(0, 'aphex'):parse()[1]:root()
  for id, node in query:iter_captures(root, 0, row, row + 1) do
    local first, start = node:range()
    if first == row and start == column then
      names[#names + 1] = query.captures[id]
    end
  end
  return table.concat(names, ' ')
end

harness.run(function()
  vim.cmd('edit ' .. project .. '/pipeline.aphex')
  check('tree-sitter colours the script', vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()] ~= nil)
  check('patterns do not', vim.fn.synIDattr(vim.fn.synID(1, 1, 1), 'name') == '')
  for _, name in ipairs({ 'highlights', 'locals', 'injections', 'folds', 'indents', 'textobjects' }) do
    local fine, query = pcall(get_query, 'aphex', name)
    check('the query of ' .. name .. ' is read', fine and query ~= nil, not fine and tostring(query) or nil)
  end
  local tree = vim.treesitter.get_parser(0, 'aphex'):parse()[1]
  check('the script has no error', not tree:root():has_error())
  for pattern, expected in pairs({
    ['import'] = 'keyword.import',
    ['environment('] = 'variable function.call function.builtin',
    ['require_rollback'] = 'variable function.call',
    ['account:'] = 'property property.builtin',
    ['stage:'] = 'property',
    ['"eu-west-1"'] = 'string',
    ['prod\\],'] = 'variable',
    ['envs;'] = 'variable module',
  }) do
    local found = captures(pattern)
    check('the colour of ' .. pattern, found == expected, found)
  end
  vim.cmd('redraw')
  vim.cmd('silent normal! Golet half = environment("half", #{')
  check('and while one types', captures('half = ') == 'variable', captures('half = '))
end)
