-- Items of the stream of all instances behind a place in it. KEYS: the stream. ARGV: the place, items at most, the
-- longest text, bytes of all texts at most, the id of the journal that asks. Returns the oldest id and the latest one
-- ('' for none), what is wrong with what stands there, and id and text of each item: '' for what is no item or too
-- long, '=' for its own.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'none' then return { '', '', '' } end
if kind ~= 'stream' then return { '', '', 'a ' .. kind .. ', not a stream' } end
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local latest = ''
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for index = 1, #info, 2 do
  if info[index] == 'last-generated-id' then latest = info[index + 1] end
end
local reply = { first and first[1] or '', latest, '' }
local bytes = 0
-- Nothing is behind the last possible id, and asking for it is an error.
local found = redis.pcall('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])
for _, item in ipairs(found.err and {} or found) do
  local fields, text = item[2], ''
  if #fields == 4 and fields[1] == 'by' and fields[3] == 'item' and #fields[4] <= tonumber(ARGV[3]) then
    text = fields[4]
    if fields[2] == ARGV[5] then text = '=' end
  end
  reply[#reply + 1] = item[1]
  reply[#reply + 1] = text
  bytes = bytes + #text
  if bytes >= tonumber(ARGV[4]) then break end
end
return reply
