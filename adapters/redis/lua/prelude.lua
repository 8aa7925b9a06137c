-- Stands before each script. What is found under our keys may be anybody's: nothing of it is believed.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- A finite number, else nil. `tonumber` alone takes 'nan' and 'inf' as well.
local function number(text)
  local value = tonumber(text or '')
  if value and value > -1e15 and value < 1e15 then return value end
end

-- Version, body, since and until of a trunk's state, the version '' for none and for what is no state.
-- Second: what is wrong with what stands there; '' for nothing.
local function stored(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return { '' }, '' end
  if kind ~= 'hash' then return { '' }, 'a ' .. kind .. ', not a hash' end
  for field, longest in pairs({ version = 128, body = 4096, since = 32, ['until'] = 32 }) do
    if redis.call('HSTRLEN', key, field) > longest then return { '' }, field .. ' too long' end
  end
  local found = redis.call('HMGET', key, 'version', 'body', 'since', 'until')
  local version, body, ends = found[1] or '', found[2], found[4]
  if version == '' or not body or not number(found[3]) then return { '' }, 'not a state' end
  if ends ~= '' and not number(ends) then return { '' }, 'not a state' end
  return found, ''
end

-- Version, body, age in ms, ms until the hold ends ('' for never), what is wrong; for a reply.
local function shown(key)
  local found, wrong = stored(key)
  if found[1] == '' then return '', '', '', '', wrong end
  local left = ''
  if found[4] ~= '' then left = string.format('%.0f', found[4] - now) end
  return found[1], found[2], string.format('%.0f', now - found[3]), left, ''
end
