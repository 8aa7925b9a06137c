-- Writes a trunk's state if nobody else has since it was read, and tells everybody at once.
-- KEYS: state, tally, lease, latest write of all
-- ARGV: version read ('' for none), new version, body, age of its begin in ms,
--       ms until the hold ends ('' for never), channel, trunk, ms to keep it ('' for ever)
-- Returns {1} or {0, version, body, age, remaining, what is wrong} of what stands there instead.
local found, wrong = stored(KEYS[1])
if found[1] ~= ARGV[1] then return { 0, shown(KEYS[1]) } end
local ends = ''
if ARGV[5] ~= '' then ends = string.format('%.0f', now + ARGV[5]) end
-- What is not ours makes room.
if wrong ~= '' then redis.call('UNLINK', KEYS[1]) end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'body', ARGV[3],
  'since', string.format('%.0f', now - ARGV[4]), 'until', ends)
if ARGV[8] == '' then redis.call('PERSIST', KEYS[1]) else redis.call('PEXPIRE', KEYS[1], ARGV[8]) end
-- What was counted and leased belongs to the state before.
redis.call('UNLINK', KEYS[2], KEYS[3])
redis.call('SET', KEYS[4], ARGV[2])
redis.call('PUBLISH', ARGV[6], cjson.encode({ ARGV[7], ARGV[2], ARGV[3], ARGV[4], ARGV[5] }))
return { 1 }
