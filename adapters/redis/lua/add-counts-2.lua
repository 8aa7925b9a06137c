-- Adds what one instance has counted to what all have, unless the trunk's state has changed since.
-- KEYS: state, tally
-- ARGV: version, window in ms, different numbers wanted, attempts, faults, 1 if it worked,
--       faults since, marks (comma-separated), marks of those since
-- Returns {1, attempts, faults, numbers, streak, numbers of the streak, what was wrong with the counts
-- before} or {0}.
if stored(KEYS[1])[1] ~= ARGV[1] then return { 0 } end
local slot_ms = ARGV[2] / 10
local slot = math.floor(now / slot_ms)
local oldest = slot - 9
local wanted = tonumber(ARGV[3])
local key = KEYS[2]

-- a<slot> attempts, f<slot> faults, n<mark> newest slot with a fault on it, s<mark> in the streak
local function fields_of()
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return {}, '' end
  if kind ~= 'hash' then return {}, 'a ' .. kind .. ', not a hash' end
  -- Ours are a few dozen short fields.
  if redis.call('HLEN', key) > 1000 or redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) > 200000 then
    return {}, 'too long'
  end
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local known = fields[i] == 'streak' or fields[i]:match('^[afns]%d+$')
    local value = fields[i + 1]:match('^%d+$') and number(fields[i + 1])
    if not known or not value or value > 1e12 then return {}, 'not counts' end
  end
  return fields, ''
end
local fields, wrong = fields_of()
if wrong ~= '' then redis.call('UNLINK', key) end

local worked = ARGV[6] == '1'
local attempts, faults, streak = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[7])
local numbers, since, drop = {}, {}, {}
for i = 1, #fields, 2 do
  local kind, rest, value = fields[i]:sub(1, 1), fields[i]:sub(2), tonumber(fields[i + 1])
  if fields[i] == 'streak' then
    if not worked then streak = streak + value end
  elseif kind == 's' then
    if worked then drop[#drop + 1] = fields[i] else since[rest] = true end
  elseif kind == 'n' then
    if value < oldest or value > slot then drop[#drop + 1] = fields[i] else numbers[rest] = true end
  -- What counts in the future would count for ever.
  elseif tonumber(rest) < oldest or tonumber(rest) > slot then drop[#drop + 1] = fields[i]
  elseif kind == 'a' then attempts = attempts + value
  else faults = faults + value end
end
if #drop > 0 then redis.call('HDEL', key, unpack(drop)) end
redis.call('HINCRBY', key, 'a' .. slot, ARGV[4])
redis.call('HINCRBY', key, 'f' .. slot, ARGV[5])
redis.call('HSET', key, 'streak', string.format('%.0f', streak))

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
return { 1, attempts, faults, size(numbers), streak, size(since), wrong }
