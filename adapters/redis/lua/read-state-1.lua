-- A trunk's state with its times as distances from Redis's clock.
-- KEYS: state
-- Returns {version, body, age of its begin in ms, ms until the hold ends, what is wrong}; '' for none.
return { shown(KEYS[1]) }
