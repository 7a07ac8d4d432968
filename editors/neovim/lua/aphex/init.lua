-- aphex in Neovim, from 0.7 on: the language server, what a script becomes, and the way back.
local M = {}

local settings = {
  cmd = { 'aphex', 'lsp' },
  parameters = {},
  inlay_hints = { order = true, defaults = false },
  code_lens = true,
  treesitter = true,
}

local function options()
  return {
    parameters = next(settings.parameters) and settings.parameters or vim.empty_dict(),
    inlayHints = settings.inlay_hints,
    codeLens = settings.code_lens,
  }
end

local function say(message)
  vim.notify('aphex: ' .. message, vim.log.levels.WARN)
end

--- The client that is attached to a buffer.
local function client_of(buffer)
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, client in pairs(get({ bufnr = buffer })) do
    local attached = client.attached_buffers == nil or client.attached_buffers[buffer]
    if client.name == 'aphex' and attached then
      return client
    end
  end
end

--- Asks the server, and hands over what it answers; says where it has nothing.
local function ask(buffer, method, params, otherwise, callback)
  local client = client_of(buffer)
  if not client then
    return say('the language server is not running in this buffer')
  end
  local handler = function(err, result)
    if err then
      say(err.message or tostring(err))
    elseif result == nil or result == vim.NIL then
      say(otherwise)
    else
      callback(result, client)
    end
  end
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, params, handler, buffer)
  else
    client.request(method, params, handler, buffer)
  end
end

local function document(buffer)
  return { uri = vim.uri_from_bufnr(buffer) }
end

local function position(client)
  return vim.lsp.util.make_position_params(0, client and client.offset_encoding or 'utf-16').position
end

--- A scratch buffer with a text that nobody edits.
local function show(name, filetype, text)
  vim.cmd('botright vsplit')
  local buffer = vim.fn.bufadd(name)
  vim.fn.bufload(buffer)
  vim.api.nvim_win_set_buf(0, buffer)
  vim.bo[buffer].buftype, vim.bo[buffer].bufhidden, vim.bo[buffer].swapfile = 'nofile', 'wipe', false
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split((text:gsub('\n$', '')), '\n', { plain = true }))
  vim.bo[buffer].modifiable, vim.bo[buffer].filetype = false, filetype
  return buffer
end

--- From a line of a preview back to where the script says it.
local function go_back(script, pipeline, path)
  local params = {
    textDocument = document(script),
    pipeline = pipeline,
    path = path,
    line = vim.api.nvim_win_get_cursor(0)[1] - 1,
  }
  ask(script, 'aphex/origin', params, 'the script has changed: open the preview again', function(location, client)
    local jump = vim.lsp.util.show_document or function(place, encoding)
      return vim.lsp.util.jump_to_location(place, encoding)
    end
    -- Beside the preview, where the script is shown: the preview stays open.
    local window = vim.fn.bufwinid(vim.uri_to_bufnr(location.uri))
    if window == -1 then
      window = vim.fn.bufwinid(script)
    end
    if window ~= -1 then
      vim.api.nvim_set_current_win(window)
    end
    jump(location, client.offset_encoding or 'utf-16')
  end)
end

--- Opens what a script becomes; `gd` in there leads back.
function M.preview(buffer, at)
  buffer = buffer or vim.api.nvim_get_current_buf()
  local params = { textDocument = document(buffer), position = at or position(client_of(buffer)) }
  ask(buffer, 'aphex/preview', params, 'the script has errors, so that it becomes nothing', function(preview)
    local function open(file)
      if not file then
        return
      end
      local name = 'aphex-preview://' .. preview.pipeline .. '/' .. file.path
      local shown = show(name, file.languageId, file.text)
      vim.keymap.set('n', 'gd', function()
        go_back(buffer, preview.pipeline, file.path)
      end, { buffer = shown, desc = 'Where the script says it' })
    end
    vim.ui.select(preview.files, {
      prompt = 'What ' .. preview.pipeline .. ' becomes',
      format_item = function(file)
        return file.path
      end,
    }, open)
  end)
end

--- Opens the page of a kind of problem: of the given one, or of the first on the cursor's line.
function M.explain(code)
  local buffer = vim.api.nvim_get_current_buf()
  if not code or code == '' then
    local line = vim.api.nvim_win_get_cursor(0)[1] - 1
    local found = vim.diagnostic.get(buffer, { lnum = line })[1]
    code = found and (found.code or vim.tbl_get(found, 'user_data', 'lsp', 'code'))
    if not code then
      return say('there is no problem on this line')
    end
  end
  ask(buffer, 'aphex/explain', { code = code }, 'there is no problem `' .. code .. '`', function(page)
    show('aphex-explain://' .. code, 'markdown', page.markdown)
  end)
end

--- Runs a command of aphex's on the file, in a terminal below it.
local function terminal(command)
  vim.cmd('silent update')
  local file = vim.fn.expand('%:p')
  vim.cmd('botright 15new')
  vim.fn.termopen(vim.list_extend({ settings.cmd[1] }, vim.list_extend(command, { file })))
end

function M.run()
  terminal({ 'run' })
end

function M.graph()
  terminal({ 'graph', '--format', 'tree' })
end

--- The project of a script, beyond which it imports nothing: the folder of the nearest `.git`, else its own.
local function root_of(buffer)
  local own = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':p:h')
  local folder = own
  while true do
    -- In a worktree it is a file.
    if vim.loop.fs_stat(folder .. '/.git') then
      return folder
    end
    local above = vim.fn.fnamemodify(folder, ':h')
    if above == folder then
      return own
    end
    folder = above
  end
end

--- What the language server is started with, also by `vim.lsp.enable`.
function M.config()
  return {
    name = 'aphex',
    cmd = settings.cmd,
    filetypes = { 'aphex' },
    root_dir = function(buffer, start)
      start(root_of(buffer))
    end,
    -- The server is faster than the usual wait, and drops what it was doing where more comes.
    flags = { debounce_text_changes = 20 },
    init_options = options(),
    settings = { aphex = options() },
  }
end

-- Neovim 0.7 leaves it to the plugin which client a project has.
local clients = {}

local function start(buffer)
  if vim.fn.executable(settings.cmd[1]) == 0 then
    return say('`' .. settings.cmd[1] .. '` is not installed, or not in PATH: `cargo install aphex`')
  end
  local config = M.config()
  config.root_dir = root_of(buffer)
  if vim.lsp.start then
    return vim.lsp.start(config, { bufnr = buffer })
  end
  local known = clients[config.root_dir]
  if not (known and vim.lsp.get_client_by_id(known)) then
    known = vim.lsp.start_client(config)
    clients[config.root_dir] = known
  end
  vim.lsp.buf_attach_client(buffer, known)
  vim.bo[buffer].omnifunc = 'v:lua.vim.lsp.omnifunc'
end

--- Whether the tree-sitter parser is there, which the README says how to build.
function M.has_parser()
  return #vim.api.nvim_get_runtime_file('parser/aphex.*', false) > 0
end

--- Colours by the tree, where there is a parser; else by patterns, in `syntax/`.
local function colour(buffer)
  if not (settings.treesitter and M.has_parser()) then
    return
  end
  local fine, problem
  if vim.treesitter.start then
    fine, problem = pcall(vim.treesitter.start, buffer, 'aphex')
  else
    fine, problem = pcall(function()
      vim.treesitter.highlighter.new(vim.treesitter.get_parser(buffer, 'aphex'), {})
      -- As later versions do, so that patterns are not read as well.
      vim.b[buffer].ts_highlight = true
    end)
  end
  if not fine then
    say('the tree-sitter parser cannot be used: ' .. tostring(problem))
  end
end

--- Sets everything up; the README has the settings.
function M.setup(given)
  settings = vim.tbl_deep_extend('force', settings, given or {})
  vim.lsp.commands['aphex.preview'] = function(command)
    M.preview(vim.uri_to_bufnr(command.arguments[1]), command.arguments[2])
  end
  local command = vim.api.nvim_create_user_command
  command('AphexPreview', function() M.preview() end, { desc = 'What the script becomes' })
  command('AphexRun', M.run, { desc = 'Write what the script becomes' })
  command('AphexGraph', M.graph, { desc = 'What the pipeline will do' })
  command('AphexExplain', function(arguments) M.explain(arguments.args) end, { nargs = '?', desc = 'The page of a problem' })
  local function open(buffer)
    start(buffer)
    colour(buffer)
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('aphex', { clear = true }),
    pattern = 'aphex',
    callback = function(event)
      open(event.buf)
    end,
  })
  -- A plugin manager may call this after the first script was opened.
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].filetype == 'aphex' then
      open(buffer)
    end
  end
end

return M
