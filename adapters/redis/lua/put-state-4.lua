-- Writes a trunk's state if nobody else has since it was read, and tells everybody at once.
-- KEYS: state, tally, lease, latest write of all
-- ARGV: version read ('' for none), new version, body, age of its begin in ms,
--       ms until the hold ends ('' for never), channel, trunk, ms to keep it ('' for ever)
-- Returns {1} or {0, version, body, age, remaining} of what stands there instead.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'version', 'body', 'since', 'until')
if (found[1] or '') ~= ARGV[1] then
  if not found[1] then return { 0, '', '', '', '' } end
  local left = ''
  if found[4] ~= '' then left = string.format('%.0f', found[4] - now) end
  return { 0, found[1], found[2], string.format('%.0f', now - found[3]), left }
end
local ends = ''
if ARGV[5] ~= '' then ends = string.format('%.0f', now + ARGV[5]) end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'body', ARGV[3],
  'since', string.format('%.0f', now - ARGV[4]), 'until', ends)
if ARGV[8] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[8]) end
-- What was counted and leased belongs to the state before.
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('SET', KEYS[4], ARGV[2])
redis.call('PUBLISH', ARGV[6], cjson.encode({ ARGV[7], ARGV[2], ARGV[3], ARGV[4], ARGV[5] }))
return { 1 }
