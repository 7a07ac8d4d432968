-- How far a new line is indented, as `aphex fmt` would: one step for each line with open brackets, one for a line that goes on.
local M = {}

local CLOSERS = { ['('] = ')', ['['] = ']', ['{'] = '}' }

--- What is open where the line after `lines` starts.
local function scan(lines)
  local state = { open = {}, last = ';', comment = 0, text = nil }
  -- A `}` ends a `${` that was opened inside a text: the text goes on.
  local open = state.open
  for number, line in ipairs(lines) do
    local at = 1
    while at <= #line do
      local one, two = line:sub(at, at), line:sub(at, at + 1)
      local passed = 1
      if state.comment > 0 then
        if two == '*/' or two == '/*' then
          state.comment = state.comment + (two == '/*' and 1 or -1)
          passed = 2
        end
      elseif state.text then
        local close = state.text
        if close == '`' and two == '${' then
          open[#open + 1] = { line = number, close = '}', text = true }
          state.text, state.last, passed = nil, '{', 2
        elseif close == '"' and one == '\\' or close == '`' and line:sub(at, at + 2) == '\\${' then
          passed = close == '"' and 2 or 3
        elseif line:sub(at, at + #close - 1) == close then
          state.text, state.last, passed = nil, close:sub(1, 1), #close
        end
      elseif two == '//' then
        break
      elseif two == '/*' then
        state.comment, passed = 1, 2
      elseif line:match('^#+"', at) then
        local hashes = line:match('^#+', at)
        state.text, passed = '"' .. hashes, #hashes + 1
      elseif one == '"' or one == '`' then
        state.text = one
      elseif one == "'" then
        passed = #(line:match("^'\\?[^']*'", at) or one)
        state.last = one
      elseif CLOSERS[one] then
        open[#open + 1] = { line = number, close = CLOSERS[one] }
        state.last = one
      elseif #open > 0 and one == open[#open].close then
        state.text = open[#open].text and '`' or nil
        open[#open], state.last = nil, one
      elseif not one:match('%s') then
        state.last = one
      end
      at = at + passed
    end
    -- A text in double quotes that is not closed ends with its line, unless that ends with `\\`.
    if state.text == '"' and line:sub(-1) ~= '\\' then
      state.text = nil
    end
  end
  return state
end

--- The indentation of a line, counted from 1; -1 where it should stay as it is.
function M.of(number)
  local state = scan(vim.api.nvim_buf_get_lines(0, 0, number - 1, false))
  if state.text or state.comment > 0 then
    return -1
  end
  local line, open = vim.fn.getline(number), state.open
  local closers = line:match('^%s*([%)%]}]+)')
  local innermost = open[#open]
  if closers and innermost then
    -- The brackets that end here go back to the line of the first of them that was opened.
    return vim.fn.indent(open[math.max(1, #open - #closers + 1)].line)
  end
  local base = innermost and vim.fn.indent(innermost.line) + vim.fn.shiftwidth() or 0
  -- A block on a line of its own stands below the condition before it, however many lines that has.
  local goes_on = not line:match('^%s*{') and (line:match('^%s*%??%.') or not state.last:match('[;,{(%[}]'))
  return base + (goes_on and vim.fn.shiftwidth() or 0)
end

return M
