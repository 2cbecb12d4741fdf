import { defineScript } from '../script.ts'

const answerAll = `
local function declared()
  return {
    'ok', redis.call('HGET', KEYS[1], 'epoch'), redis.call('HGET', KEYS[1], 'number'),
    redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3]), redis.call('HGETALL', KEYS[4]),
    redis.call('HGETALL', KEYS[5]),
  }
end
`

/** Everything that is declared, `same` where the epoch is the caller's, or `gone`. KEYS: meta, queues, topics, subscriptions, records. ARGV: clock, epoch. */
export const loadScript = defineScript(
  'load',
  'no-writes',
  `${answerAll}
if redis.call('EXISTS', KEYS[1]) == 0 then return {'gone'} end
if not stale() then return {'same'} end
return declared()
`,
)

/**
 * The first call of a connection: makes the meta hash if there is none and ARGV[3] is not empty, then answers like load. KEYS: meta,
 * queues, topics, subscriptions, records. ARGV: clock, unused, epoch of a new instance, run of the Redis server.
 */
export const openScript = defineScript(
  'open',
  'allow-oom',
  `${answerAll}
if redis.call('EXISTS', KEYS[1]) == 0 then
  if ARGV[3] == '' then return {'gone'} end
  -- Queue numbers begin at the time, so that receipts of an earlier instance fit no queue of this one.
  redis.call('HSET', KEYS[1], 'epoch', ARGV[3], 'seq', '0', 'number', text(clock()), 'run', ARGV[4])
elseif redis.call('HGET', KEYS[1], 'run') ~= ARGV[4] then
  -- A server that was started again may have forgotten its last second: keys that were given out then must not come again.
  redis.call('HINCRBY', KEYS[1], 'seq', 1000000)
  redis.call('HSET', KEYS[1], 'run', ARGV[4])
end
return declared()
`,
)

/**
 * Changes declarations if they are those that the caller saw, and removes queues with what is in them. KEYS: meta, queues,
 * topics, subscriptions, records, then keys to remove. ARGV: clock, epoch, sender, channel, new epoch, last number given out, then four of
 * each change: which of KEYS, the field, `put` or `remove`, the value.
 */
export const declareScript = defineScript(
  'declare',
  'allow-oom',
  `
if stale() then return {'stale'} end
redis.call('HSET', KEYS[1], 'epoch', ARGV[5], 'number', ARGV[6])
for at = 6, #KEYS do redis.call('UNLINK', KEYS[at]) end
for at = 7, #ARGV, 4 do
  if ARGV[at + 2] == 'put' then redis.call('HSET', KEYS[tonumber(ARGV[at])], ARGV[at + 1], ARGV[at + 3])
  else redis.call('HDEL', KEYS[tonumber(ARGV[at])], ARGV[at + 1]) end
end
redis.call('PUBLISH', ARGV[4], ARGV[3] .. ' declared')
return {'ok'}
`,
)

/** Empties a queue, whatever it holds, in one step: Redis frees the memory in the background. KEYS: meta, all of the queue. */
export const purgeScript = defineScript(
  'purge',
  'allow-oom',
  `
if stale() then return {'stale'} end
redis.call('UNLINK', unpack(KEYS, 2))
return {'ok'}
`,
)
