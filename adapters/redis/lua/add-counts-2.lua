-- Adds what one instance has counted to what all have, unless the trunk's state has changed since.
-- KEYS: state, tally
-- ARGV: version, window in ms, different numbers wanted, attempts, faults, 1 if it worked,
--       faults since, marks (comma-separated), marks of those since
-- Returns {1, attempts, faults, numbers, streak, numbers of the streak} or {0}.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if (redis.call('HGET', KEYS[1], 'version') or '') ~= ARGV[1] then return { 0 } end
local slot_ms = ARGV[2] / 10
local slot = math.floor(now / slot_ms)
local oldest = slot - 9
local wanted = tonumber(ARGV[3])
local key = KEYS[2]

redis.call('HINCRBY', key, 'a' .. slot, ARGV[4])
redis.call('HINCRBY', key, 'f' .. slot, ARGV[5])
if ARGV[6] == '1' then redis.call('HSET', key, 'streak', ARGV[7])
else redis.call('HINCRBY', key, 'streak', ARGV[7]) end

-- a<slot> attempts, f<slot> faults, n<mark> newest slot with a fault on it, s<mark> in the streak
local attempts, faults, streak = 0, 0, 0
local numbers, since, drop = {}, {}, {}
local fields = redis.call('HGETALL', key)
for i = 1, #fields, 2 do
  local kind, rest, value = fields[i]:sub(1, 1), fields[i]:sub(2), tonumber(fields[i + 1])
  if fields[i] == 'streak' then streak = value
  elseif kind == 's' then
    if ARGV[6] == '1' then drop[#drop + 1] = fields[i] else since[rest] = true end
  elseif kind == 'n' then
    if value < oldest then drop[#drop + 1] = fields[i] else numbers[rest] = true end
  elseif tonumber(rest) < oldest then drop[#drop + 1] = fields[i]
  elseif kind == 'a' then attempts = attempts + value
  else faults = faults + value end
end
if #drop > 0 then redis.call('HDEL', key, unpack(drop)) end

local function size(set)
  local count = 0
  for _ in pairs(set) do count = count + 1 end
  return count
end
-- More marks than wanted would tell nothing new; those known are kept alive.
local function note(list, set, prefix, value)
  for mark in list:gmatch('%d+') do
    if set[mark] or size(set) < wanted then
      set[mark] = true
      redis.call('HSET', key, prefix .. mark, value)
    end
  end
end
note(ARGV[8], numbers, 'n', slot)
note(ARGV[9], since, 's', 1)
-- A streak outlives the window, but not the time in which nobody calls.
redis.call('PEXPIRE', key, math.max(600000, ARGV[2] * 2))
return { 1, attempts, faults, size(numbers), streak, size(since) }
