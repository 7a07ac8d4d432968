-- `:checkhealth aphex`
local M = {}

function M.check()
  local health = vim.health or require('health')
  local start, ok = health.start or health.report_start, health.ok or health.report_ok
  local fail, info = health.error or health.report_error, health.info or health.report_info
  start('aphex')
  local command = require('aphex').config().cmd[1]
  if vim.fn.executable(command) == 0 then
    return fail('`' .. command .. '` is not in PATH: `cargo install aphex`, or `setup({ cmd = { "/path/to/aphex", "lsp" } })`')
  end
  ok(vim.trim(vim.fn.system({ command, '--version' })))
  if require('aphex').has_parser() then
    ok('the tree-sitter parser is there')
  else
    info('without the tree-sitter parser scripts are coloured by patterns; the README says how to build it')
  end
end

return M
