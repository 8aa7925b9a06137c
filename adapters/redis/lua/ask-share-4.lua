-- An instance's share of a trunk's limit: what it wants, as far as the others leave it. All shares together are never
-- more than the limit.
-- KEYS: shares of this limit, members, changes, what all have of it together
-- ARGV: instance, number of the request, limit ('' gives all back), share held ('' for none yet), share wanted, used,
--       needed, what it is, changes that are kept
-- Returns {1 if answered, share (or the number of the last request), smallest limit, 1 while the book is young, what was wrong, how many others have
-- a share, then of each of them, or of a sample of many: id, share, used, need}.
local function whole(text)
  local value = number(text)
  if value and value >= 0 and value <= 1e6 and value == math.floor(value) then return value end
end
local key, me, wrong = KEYS[1], ARGV[1], ''
local kind, size = redis.call('TYPE', key).ok, 0
if kind == 'hash' then size = redis.call('HLEN', key)
elseif kind ~= 'none' then wrong = 'a ' .. kind .. ', not a hash' end

-- Looking at all takes longer the more there are. So where they are many, what all have together is kept beside the
-- book, each that asks changes it by what is its own, and all are looked at so rarely that it takes as long in all
-- however many there are. What one that is gone had stays taken until then.
local MANY, SAMPLE, EACH_MS = 128, 64, 5
local born = redis.call('HGET', KEYS[3], 'born') or ''
local sum = {}
if size > MANY and redis.call('TYPE', KEYS[4]).ok == 'hash' then
  local found = redis.call('HMGET', KEYS[4], 'total', 'least', 'at', 'born')
  local total, least, at = number(found[1]), whole(found[2]), number(found[3])
  local isRecent = at and at <= now and now - at < EACH_MS * size
  if total and total >= 0 and least and isRecent and found[4] == born then
    sum = { total = total, least = least, at = at }
  end
end
if size > 20000 or size > 0 and
  redis.call('MEMORY', 'USAGE', key, 'SAMPLES', sum.total and 5 or 0) > 4000000 then
  wrong = 'too long'
end
if wrong ~= '' then
  redis.call('UNLINK', key)
  sum = {}
end
local used, limit = tonumber(ARGV[6]), tonumber(ARGV[3])
local others, smallest, mine, shown = 0, limit or 0, nil, {}

-- Share, limit, used, need and number of the last request; nil for what is no share.
local function holding(text)
  local a, b, c, d, e = string.match(text or '', '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  local share, its, theirs, need, request = whole(a), whole(b), whole(c), whole(d), number(e)
  if share and its and theirs and need and request and request <= 9e13 then
    return { share = share, limit = its, used = theirs, need = need, request = request }
  end
end
-- Calls above a share are calls too.
local function taken(one) return math.max(one.share, one.used) end
local function show(id, one)
  local place = #shown
  shown[place + 1], shown[place + 2], shown[place + 3], shown[place + 4] = id, one.share, one.used, one.need
end

if sum.total then
  local own = redis.call('HGET', key, me)
  mine = holding(own)
  if own and not mine then wrong = 'not a share' end
  if mine then sum.total = math.max(0, sum.total - taken(mine)) end
  others = sum.total
  if limit then smallest = math.min(limit, sum.least) end
  -- A user who may not is shown all.
  local some = redis.pcall('HRANDFIELD', key, SAMPLE, 'WITHVALUES')
  if some.err then sum.total = nil end
  for index = 1, #some, 2 do
    local one = holding(some[index + 1])
    if one and some[index] ~= me then show(some[index], one) end
  end
end
if not sum.total or wrong ~= '' then
  sum, others, smallest, mine, shown = { at = now }, 0, limit or 0, nil, {}
  local least = 1e6
  local found, ids, there = redis.call('HGETALL', key), {}, {}
  for index = 1, #found, 2 do ids[#ids + 1] = found[index] end
  for first = 1, #ids, 1000 do
    local some = redis.call('HMGET', KEYS[2], unpack(ids, first, math.min(#ids, first + 999)))
    for index, value in ipairs(some) do there[first + index - 1] = value end
  end
  local every, turn = 1, now
  if #ids > MANY then every = math.ceil(#ids / SAMPLE) end
  for index, id in ipairs(ids) do
    local one = holding(found[2 * index])
    if not one then
      wrong = 'not a share'
      redis.call('HDEL', key, id)
    elseif id == me then mine = one
    else
      local ends = number(string.match(there[index] or '', '^(%d+) %d*$'))
      if there[index] and not ends then
        -- Its own pulse puts that right; until then nobody gets what it has.
        wrong = 'not an instance'
        redis.call('HDEL', KEYS[2], id)
      end
      if not ends or ends <= now then redis.call('HDEL', key, id)
      else
        others = others + taken(one)
        least = math.min(least, one.limit)
        turn = turn + 1
        if turn % every == 0 then show(id, one) end
      end
    end
  end
  if limit then smallest = math.min(limit, least) end
  sum.least = least
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
  local reply = { answered, share, least, young and 1 or 0, wrong, redis.call('HLEN', key) }
  if redis.call('HSTRLEN', key, me) > 0 then reply[6] = reply[6] - 1 end
  for _, value in ipairs(shown) do reply[#reply + 1] = value end
  return reply
end
-- What all have together, this one as it is from now on.
local function add_up(own, its)
  if redis.call('HLEN', key) <= MANY then
    redis.call('UNLINK', KEYS[4])
    return
  end
  if redis.call('TYPE', KEYS[4]).ok ~= 'hash' then redis.call('UNLINK', KEYS[4]) end
  redis.call('HSET', KEYS[4], 'total', string.format('%.0f', others + own), 'least', math.min(sum.least, its),
    'at', string.format('%.0f', sum.at), 'born', redis.call('HGET', KEYS[3], 'born') or '')
  redis.call('PEXPIRE', KEYS[4], 86400000)
end
-- A request that was on its way for longer than the one behind it. Or it is the first one of an instance whose clock
-- has gone back since it ended: it asks again behind the last one.
if mine and mine.request >= tonumber(ARGV[2]) then
  add_up(taken(mine), mine.limit)
  return answer(0, mine.request, smallest)
end

local function changed()
  local version = redis.call('HINCRBY', KEYS[3], 'version', 1)
  local slot = string.format('%.0f', version % tonumber(ARGV[9]))
  redis.call('HSET', KEYS[3], 'c' .. slot, me .. ' ' .. ARGV[8])
end
if not limit then
  if redis.call('HDEL', key, me) == 1 then changed() end
  add_up(0, 1e6)
  return answer(1, 0, 0)
end
local free = math.max(0, smallest - others)
local share = math.min(tonumber(ARGV[5]), free)
-- Whoever sees only some of the others does not see who lacks what it takes without need: an eighth is left for them.
if size > MANY then
  share = math.min(share, math.max(tonumber(ARGV[7]), tonumber(ARGV[4]) or 0, free - math.ceil(smallest / 8)))
end
if young then share = math.min(share, tonumber(ARGV[4]) or 0) end
redis.call('HSET', key, me, string.format('%.0f %.0f %.0f %.0f %s', share, limit, used, ARGV[7], ARGV[2]))
add_up(math.max(share, used), limit)
-- Longer than it takes until each instance looks at it anew.
redis.call('PEXPIRE', key, 86400000)
if not mine or mine.share ~= share or mine.limit ~= limit or mine.need ~= tonumber(ARGV[7]) then changed() end
local granted = share
if young and ARGV[4] == '' then granted = -1 end
return answer(1, granted, smallest)
