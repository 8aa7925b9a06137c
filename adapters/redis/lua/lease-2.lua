-- The right to try a trunk whose hold is over, for one instance and a time; or its renewal.
-- KEYS: state, lease
-- ARGV: version, instance, ms
-- Returns {1, ms}; {0, ms to wait} while held, or leased to another; {-1, 0} for another version.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'version', 'until')
if (found[1] or '') ~= ARGV[1] or not found[2] or found[2] == '' then return { -1, 0 } end
if found[2] - now > 0 then return { 0, math.ceil(found[2] - now) } end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[2] then return { 0, math.max(redis.call('PTTL', KEYS[2]), 1) } end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return { 1, tonumber(ARGV[3]) }
