import { defineScript } from '../script.ts'

/**
 * Keeps a receive that can be repeated, and lets go of what is past, the oldest if there are too many. KEYS: meta, attempts and their ages.
 * ARGV: clock, epoch, id, text, how many are kept, for how long.
 */
export const keepAttemptScript = defineScript(
  'keep-attempt',
  'allow-oom',
  `
if stale() then return {'stale'} end
local now, most, forMs = clock(), tonumber(ARGV[5]), tonumber(ARGV[6])
local function forget(ids)
  if #ids == 0 then return end
  redis.call('HDEL', KEYS[2], unpack(ids))
  redis.call('ZREM', KEYS[3], unpack(ids))
end
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
redis.call('ZADD', KEYS[3], now, ARGV[3])
forget(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now - forMs, 'LIMIT', 0, 100))
local over = redis.call('ZCARD', KEYS[3]) - most
if over > 0 then forget(redis.call('ZRANGE', KEYS[3], 0, math.min(over, 100) - 1)) end
redis.call('PEXPIRE', KEYS[2], forMs)
redis.call('PEXPIRE', KEYS[3], forMs)
return {'ok'}
`,
)

/** Reads one that is not past; empty if there is none. KEYS: meta, attempts and their ages. ARGV: clock, epoch, id, for how long. */
export const readAttemptScript = defineScript(
  'read-attempt',
  'no-writes',
  `
if stale() then return {'stale'} end
local at = redis.call('ZSCORE', KEYS[3], ARGV[3])
if not at or tonumber(at) + tonumber(ARGV[4]) <= clock() then return {'ok', ''} end
return {'ok', redis.call('HGET', KEYS[2], ARGV[3]) or ''}
`,
)
