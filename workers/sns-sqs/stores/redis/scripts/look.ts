import { defineScript } from '../script.ts'

/** Exact counts of a queue. KEYS: meta, all of the queue. ARGV: clock, epoch, retention, how many to drop at most. */
export const countsScript = defineScript(
  'counts',
  'allow-oom',
  `
if stale() then return {'stale'} end
local now = clock()
trim(2, now - tonumber(ARGV[3]), tonumber(ARGV[4]), #KEYS > 6)
local inFlight, late = inFlightOf(KEYS[2], KEYS[4], now)
local all = redis.call('ZCARD', KEYS[2])
local oldest = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
return {'ok', text(all - inFlight - late), text(inFlight), text(late), oldest[2] or ''}
`,
)

/** Drops what is past its retention. KEYS: meta, all of the queue. ARGV: clock, epoch, retention, how many at most. */
export const trimScript = defineScript(
  'trim',
  'allow-oom',
  `
if stale() then return {'stale'} end
return {'ok', text(trim(2, clock() - tonumber(ARGV[3]), tonumber(ARGV[4]), #KEYS > 6))}
`,
)

const answerMessages = `
-- Adds five of each member.
local function answerMessages(answer, members)
  -- Lua hands over some thousand arguments at most.
  for first = 1, #members, 1000 do
    local last = math.min(first + 999, #members)
    local contents = redis.call('HMGET', KEYS[5], unpack(members, first, last))
    local states = redis.call('HMGET', KEYS[6], unpack(members, first, last))
    local scores = redis.call('ZMSCORE', KEYS[2], unpack(members, first, last))
    for index = 1, last - first + 1 do
      answer[#answer + 1] = members[first + index - 1]
      answer[#answer + 1] = scores[index] or ''
      local receives, _, source = string.match(states[index] or '0:0:', '^(%d+):(%d+):(.*)$')
      answer[#answer + 1] = receives
      answer[#answer + 1] = source
      answer[#answer + 1] = contents[index] or ''
    end
  end
  return answer
end
`

/** Reads the oldest messages. KEYS: meta, all of the queue. ARGV: clock, epoch, how many at most. Five of each message. */
export const peekScript = defineScript(
  'peek',
  'no-writes',
  `${answerMessages}
if stale() then return {'stale'} end
return answerMessages({'ok', text(clock())}, redis.call('ZRANGE', KEYS[3], 0, tonumber(ARGV[3]) - 1))
`,
)

/** Reads single messages. KEYS: meta, all of the queue. ARGV: clock, epoch, their keys. Five of each, in order. */
export const lookScript = defineScript(
  'look',
  'no-writes',
  `${answerMessages}
if stale() then return {'stale'} end
local members = {}
for at = 3, #ARGV do members[at - 2] = ARGV[at] end
return answerMessages({'ok', text(clock())}, members)
`,
)
