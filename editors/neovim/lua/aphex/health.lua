-- `:checkhealth aphex`
local M = {}

function M.check()
  local health = vim.health
  local start, ok = health.start or health.report_start, health.ok or health.report_ok
  local fail = health.error or health.report_error
  start('aphex')
  local command = require('aphex').config().cmd[1]
  if vim.fn.executable(command) == 0 then
    return fail('`' .. command .. '` is not in PATH: `cargo install aphex`, or `setup({ cmd = { "/path/to/aphex", "lsp" } })`')
  end
  ok(vim.trim(vim.fn.system({ command, '--version' })))
end

return M
