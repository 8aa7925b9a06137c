-- An instance's share of a trunk's limit: what it wants, as far as the others leave it. All shares together are never
-- more than the limit.
-- KEYS: shares of this limit, members, changes
-- ARGV: instance, number of the request, limit ('' gives all back), share held ('' for none yet), share wanted, used,
--       needed, what it is, changes that are kept
-- Returns {1 if answered, share (or the number of the last request), smallest limit, 1 while the book is young, what was wrong, then of each other
-- instance: id, share, used, need}.
local function whole(text)
  local value = number(text)
  if value and value >= 0 and value <= 1e6 and value == math.floor(value) then return value end
end
local key, me, wrong = KEYS[1], ARGV[1], ''
local kind = redis.call('TYPE', key).ok
if kind ~= 'none' and kind ~= 'hash' then wrong = 'a ' .. kind .. ', not a hash'
elseif kind == 'hash' and
  (redis.call('HLEN', key) > 20000 or redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) > 4000000) then
  wrong = 'too long'
end
if wrong ~= '' then redis.call('UNLINK', key) end
local used, limit = tonumber(ARGV[6]), tonumber(ARGV[3])
local others, smallest, mine, shown = 0, limit or 0, nil, {}
local found, ids, there = redis.call('HGETALL', key), {}, {}
for index = 1, #found, 2 do ids[#ids + 1] = found[index] end
for first = 1, #ids, 1000 do
  local some = redis.call('HMGET', KEYS[2], unpack(ids, first, math.min(#ids, first + 999)))
  for index, value in ipairs(some) do there[first + index - 1] = value end
end
for index, id in ipairs(ids) do
  local a, b, c, d, e = found[2 * index]:match('^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  local share, its, theirs, need, request = whole(a), whole(b), whole(c), whole(d), number(e)
  if not share or not its or not theirs or not need or not request or request > 9e13 then
    wrong = 'not a share'
    redis.call('HDEL', key, id)
  elseif id == me then mine = { share = share, limit = its, need = need, request = request }
  else
    local ends = number(string.match(there[index] or '', '^(%d+) %d*$'))
    if there[index] and not ends then
      -- Its own pulse puts that right; until then nobody gets what it has.
      wrong = 'not an instance'
      redis.call('HDEL', KEYS[2], id)
    end
    if not ends or ends <= now then redis.call('HDEL', key, id)
    else
      -- Calls above a share are calls too.
      others = others + math.max(share, theirs)
      if limit and its < smallest then smallest = its end
      local place = #shown
      shown[place + 1], shown[place + 2], shown[place + 3], shown[place + 4] = id, share, theirs, need
    end
  end
end
-- Who has what of this limit was lost: a new epoch, in which all say it again.
if wrong ~= '' or kind == 'none' and ARGV[4] ~= '' then
  local before = number(redis.call('HGET', KEYS[3], 'born')) or 0
  redis.call('HSET', KEYS[3], 'born', string.format('%.0f', math.max(now, before + 1)), 'open', '')
end
-- Not everybody has said yet what it has.
local book = redis.call('HMGET', KEYS[3], 'born', 'open')
local young = not book[1] or book[1] ~= book[2]
local function answer(answered, share, least)
  local reply = { answered, share, least, young and 1 or 0, wrong }
  for _, value in ipairs(shown) do reply[#reply + 1] = value end
  return reply
end
-- A request that was on its way for longer than the one behind it. Or it is the first one of an instance whose clock
-- has gone back since it ended: it asks again behind the last one.
if mine and mine.request >= tonumber(ARGV[2]) then
  return answer(0, mine.request, smallest)
end

local function changed()
  local version = redis.call('HINCRBY', KEYS[3], 'version', 1)
  local slot = string.format('%.0f', version % tonumber(ARGV[9]))
  redis.call('HSET', KEYS[3], 'c' .. slot, me .. ' ' .. ARGV[8])
end
if not limit then
  if redis.call('HDEL', key, me) == 1 then changed() end
  return answer(1, 0, 0)
end
local share = math.min(tonumber(ARGV[5]), math.max(0, smallest - others))
if young then share = math.min(share, tonumber(ARGV[4]) or 0) end
redis.call('HSET', key, me, string.format('%.0f %.0f %.0f %.0f %s', share, limit, used, ARGV[7], ARGV[2]))
-- Longer than it takes until each instance looks at it anew.
redis.call('PEXPIRE', key, 86400000)
if not mine or mine.share ~= share or mine.limit ~= limit or mine.need ~= tonumber(ARGV[7]) then changed() end
local granted = share
if young and ARGV[4] == '' then granted = -1 end
return answer(1, granted, smallest)
