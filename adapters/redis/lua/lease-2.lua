-- The right to try a trunk whose hold is over, for one instance and a time; or its renewal.
-- KEYS: state, lease
-- ARGV: version, instance, ms
-- Returns {1, ms, what was wrong}; {0, ms to wait, ''} while held, or leased to another; {-1, 0, ''} for
-- another version.
local found = stored(KEYS[1])
if found[1] == '' or found[1] ~= ARGV[1] or found[4] == '' then return { -1, 0, '' } end
if found[4] - now > 0 then return { 0, math.ceil(found[4] - now), '' } end
-- No instance asks for more than a minute: what lasts longer, or for ever, is no lease.
local longest = 60000
local kind, left, wrong = redis.call('TYPE', KEYS[2]).ok, redis.call('PTTL', KEYS[2]), ''
if kind == 'string' and redis.call('STRLEN', KEYS[2]) > 128 then wrong = 'too long'
elseif kind == 'string' and (left < 0 or left > longest) then wrong = 'it does not end in time'
elseif kind ~= 'string' and kind ~= 'none' then wrong = 'a ' .. kind .. ', not a string'
elseif kind == 'string' and redis.call('GET', KEYS[2]) ~= ARGV[2] then
  return { 0, math.max(left, 1), '' }
end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return { 1, tonumber(ARGV[3]), wrong }
