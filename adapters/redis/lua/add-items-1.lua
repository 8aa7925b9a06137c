-- Adds items to the stream of all instances, all or none. KEYS: the stream. ARGV: items that are kept, the id of the
-- journal, texts. Returns what was wrong with what stood there; '' for nothing.
local wrong = ''
local kind = redis.call('TYPE', KEYS[1]).ok
if kind == 'stream' then
  -- Behind the last possible id nothing can be added.
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for index = 1, #info, 2 do
    if info[index] == 'last-generated-id' and #string.match(info[index + 1], '^%d*') > 13 then
      wrong = 'an id of the far future'
    end
  end
elseif kind ~= 'none' then
  wrong = 'a ' .. kind .. ', not a stream'
end
if wrong ~= '' then redis.call('DEL', KEYS[1]) end
for index = 3, #ARGV do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'by', ARGV[2], 'item', ARGV[index])
end
return wrong
