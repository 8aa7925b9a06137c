-- A trunk's state with its times as distances from Redis's clock.
-- KEYS: state
-- Returns {version, body, age of its begin in ms, ms until the hold ends}; '' for none.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local found = redis.call('HMGET', KEYS[1], 'version', 'body', 'since', 'until')
if not found[1] then return { '', '', '', '' } end
local left = ''
if found[4] ~= '' then left = string.format('%.0f', found[4] - now) end
return { found[1], found[2], string.format('%.0f', now - found[3]), left }
