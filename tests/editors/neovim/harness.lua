-- What a test in Neovim needs. `PROJECT` is a copy of a project.
local M = { project = os.getenv('PROJECT') }
local failed = 0

function M.check(what, good, detail)
  io.stdout:write((good and 'ok   ' or 'FAIL ') .. what .. (detail and (' (' .. detail .. ')') or '') .. '\n')
  failed = failed + (good and 0 or 1)
end

function M.wait(condition, limit)
  local fine = vim.wait(limit or 5000, condition, 2)
  return fine
end

function M.lines(from)
  return vim.api.nvim_buf_get_lines(from or 0, 0, -1, false)
end

--- Whether the language server is attached to this buffer.
function M.attached()
  local clients = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = 0 }) or vim.lsp.buf_get_clients(0)
  return #vim.tbl_values(clients) == 1
end

--- Runs a test, and ends Neovim.
function M.run(test)
  local fine, problem = xpcall(test, debug.traceback)
  if not fine then
    M.check('the test runs to its end', false, tostring(problem))
  end
  io.stdout:flush()
  vim.cmd(failed == 0 and 'qall!' or 'cquit!')
end

return M
