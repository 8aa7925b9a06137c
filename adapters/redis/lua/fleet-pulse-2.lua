-- An instance is there: says who else is, and which shares others have changed.
-- KEYS: members, changes
-- ARGV: instance, ms that it counts as there, last change known ('' for none), ms without any pulse after which a new
--       epoch begins, ms that it is young at least, epoch that was told what the instance has, changes that are kept
-- Returns {what was wrong, Redis's time in ms, epoch, latest change, 1 if everything may have changed, members, changes}.
local wrong = ''
local function sized(key, fields, bytes)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return end
  if kind ~= 'hash' then wrong = 'a ' .. kind .. ', not a hash'
  elseif redis.call('HLEN', key) > fields or redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) > bytes then
    wrong = 'too long'
  else return end
  redis.call('UNLINK', key)
end
sized(KEYS[1], 1000, 200000)
sized(KEYS[2], 2000, 1000000)

local there, found = {}, redis.call('HGETALL', KEYS[1])
-- Who is there was lost: what one of them has would count as free.
local lost = #found == 0
for index = 1, #found, 2 do
  local id = found[index]
  local ends, its = found[index + 1]:match('^(%d+) (%d*)$')
  ends = number(ends)
  if not ends or #id > 128 then
    wrong, lost = 'not an instance', true
    redis.call('HDEL', KEYS[1], id)
  elseif id ~= ARGV[1] then there[#there + 1] = { id = id, ends = ends, told = its } end
end

-- Another server, an older copy of it, a new one, what is not ours, or nobody there for a while: a new epoch. Who has
-- what is told again, and nobody gets more before that.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
local known = redis.call('HMGET', KEYS[2], 'run', 'born', 'at', 'version')
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

redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f %s', now + ARGV[2], ARGV[6]))
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
if told and math.max(0, now - born) >= tonumber(ARGV[5]) then redis.call('HSET', KEYS[2], 'open', epoch) end

local seen, kept = number(ARGV[3]), tonumber(ARGV[7])
if not seen or seen > version or version - seen > kept then
  return { wrong, now, epoch, version, 1, members, {} }
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
return { wrong, now, epoch, version, 0, members, changes }
