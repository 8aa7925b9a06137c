-- An instance is there: says how many are, and which shares others have changed.
-- All of them are looked at now and then, by whoever comes first, and not in each pulse: or the load would grow with
-- their square.
-- KEYS: members, changes, places
-- ARGV: instance, ms that it counts as there, last change known ('' for none), ms without any pulse after which a new
--       epoch begins, ms that it is young at least, epoch that was told what the instance has, changes that are kept,
--       ms between two looks at all instances at most
-- Returns {what was wrong, Redis's time in ms, epoch, latest change, 1 if everything may have changed, instances,
-- place among them from 0, number of this list of instances, changes}.
local MOST, LONGEST = 20000, 4000000
local wrong = ''
local function drop(key, why)
  wrong = why
  redis.call('UNLINK', key)
end
local function bounded(key, fields)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return end
  if kind ~= 'hash' then drop(key, 'a ' .. kind .. ', not a hash')
  elseif redis.call('HLEN', key) > fields then drop(key, 'too long') end
end
local function light(key, bytes)
  if (redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) or 0) > bytes then drop(key, 'too long') end
end
bounded(KEYS[1], MOST)
bounded(KEYS[2], 2000)
bounded(KEYS[3], MOST)

local count, lost = redis.call('HLEN', KEYS[1]), false
local function state()
  return redis.call('HMGET', KEYS[2], 'run', 'born', 'at', 'version', 'looked', 'list')
end
local known = state()
-- A long list takes longer to look at, and is looked at less often; one with nobody in it always.
local looked = number(known[5])
local due = not looked or looked > now or now - looked >= math.min(count, tonumber(ARGV[8]))
local there = {}
if due then
  light(KEYS[1], LONGEST)
  light(KEYS[3], LONGEST)
  light(KEYS[2], 1000000)
  known = state()
  local found = redis.call('HGETALL', KEYS[1])
  -- Who is there was lost: what one of them has would count as free.
  lost = #found == 0
  for index = 1, #found, 2 do
    local id = found[index]
    local ends, its = found[index + 1]:match('^(%d+) (%d*)$')
    ends = number(ends)
    if not ends or #id > 128 then
      wrong, lost = 'not an instance', true
      redis.call('HDEL', KEYS[1], id)
    elseif id ~= ARGV[1] then there[#there + 1] = { id = id, ends = ends, told = its } end
  end
end

-- Another server, an older copy of it, a new one, what is not ours, or nobody there for a while: a new epoch. Who has
-- what is told again, and nobody gets more before that.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local born, at, version = number(known[2]), number(known[3]), number(known[4])
-- One that began in this millisecond has the name of the next one.
local recent = born and born <= now + 1000
if lost or known[1] ~= run or not recent or not at or at > now or now - at > tonumber(ARGV[4]) then
  born = recent and math.max(now, born + 1) or now
  redis.call('HSET', KEYS[2], 'run', run, 'born', string.format('%.0f', born), 'open', '')
end
local epoch = string.format('%.0f', born)
redis.call('HSET', KEYS[2], 'at', string.format('%.0f', now))
if not version or version < 0 or version ~= math.floor(version) then
  version = 0
  redis.call('HSET', KEYS[2], 'version', '0')
end
local list = number(known[6])
if not list or list < 0 or list ~= math.floor(list) then list = 0 end

redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f %s', now + ARGV[2], ARGV[6]))
-- Each has a place, by name. A new one is the last until all are looked at again.
local function place_all(members)
  local before = redis.call('HGETALL', KEYS[3])
  local places = {}
  for index = 1, #before, 2 do places[before[index]] = true end
  local same = #before == 2 * #members
  for _, id in ipairs(members) do same = same and places[id] end
  if same then return end
  table.sort(members)
  redis.call('UNLINK', KEYS[3])
  local fields = {}
  for index, id in ipairs(members) do
    fields[#fields + 1], fields[#fields + 2] = id, index - 1
    if #fields == 1000 or index == #members then
      redis.call('HSET', KEYS[3], unpack(fields))
      fields = {}
    end
  end
  list = (list + 1) % 1e9
end
if due then
  local members, told = { ARGV[1] }, ARGV[6] == epoch
  for _, one in ipairs(there) do
    if one.ends <= now then redis.call('HDEL', KEYS[1], one.id)
    else
      -- Nobody is there for longer than it said, whatever stands there.
      if one.ends > now + ARGV[2] then
        redis.call('HSET', KEYS[1], one.id, string.format('%.0f %s', now + ARGV[2], one.told))
      end
      members[#members + 1] = one.id
      told = told and one.told == epoch
    end
  end
  place_all(members)
  redis.call('HSET', KEYS[2], 'looked', string.format('%.0f', now), 'list', string.format('%.0f', list))
  if told and math.max(0, now - born) >= tonumber(ARGV[5]) then redis.call('HSET', KEYS[2], 'open', epoch) end
end
count = redis.call('HLEN', KEYS[1])
local place = number(redis.call('HGET', KEYS[3], ARGV[1]))
if not place or place < 0 or place >= count or place ~= math.floor(place) then place = count - 1 end

local seen, kept = number(ARGV[3]), tonumber(ARGV[7])
if not seen or seen > version or version - seen > kept then
  return { wrong, now, epoch, version, 1, count, place, list, {} }
end
local fields, changes = {}, {}
for change = seen + 1, version do fields[#fields + 1] = 'c' .. string.format('%.0f', change % kept) end
if #fields > 0 then
  local own = ARGV[1] .. ' '
  for _, value in ipairs(redis.call('HMGET', KEYS[2], unpack(fields))) do
    -- Missing: `false`.
    if value and value:sub(1, #own) ~= own then changes[#changes + 1] = value:match(' (.*)$') or '' end
  end
end
return { wrong, now, epoch, version, 0, count, place, list, changes }
