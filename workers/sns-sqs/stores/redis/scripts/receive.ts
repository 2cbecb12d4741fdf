import { defineScript } from '../script.ts'
import { bury } from './bury.ts'

/**
 * Takes visible messages out of sight, moves those past their receives, drops those past their retention. KEYS: meta, five of the queue,
 * all of its dead-letter queue where it has one. ARGV: clock, epoch, sender, channel, how many, timeout, retention, receives
 * allowed (0: any number), ARN of the queue, number of the dead-letter queue, limit in flight, how many to move or drop at most.
 * The answer is flat: ok, now, next visible time, whether dead letters came in, then two of each message: key, count, first receive and origin with colons between, and its content.
 */
export const receiveScript = defineScript(
  'receive',
  'allow-oom',
  `${bury}
if stale() then return {'stale'} end
local now = clock()
local due, delayed, messages, state = KEYS[2], KEYS[4], KEYS[5], KEYS[6]
local retention, allowed, chores = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[12])
local room = tonumber(ARGV[11]) - inFlightOf(due, delayed, now)
local wanted = math.min(tonumber(ARGV[5]), room)
local answer = {'ok', text(now), '', '0'}
local taken, states, fresh, expired, spent = {}, {}, {}, {}, {}
local visibleAt = text(now + tonumber(ARGV[6]))
local count, offset = 0, 0
while count < wanted and #expired + #spent < chores do
  local batch = redis.call('ZRANGE', due, '-inf', text(now), 'BYSCORE', 'LIMIT', offset, offset == 0 and wanted or 20)
  if #batch == 0 then break end
  offset = offset + #batch
  local contents = redis.call('HMGET', messages, unpack(batch))
  local known = redis.call('HMGET', state, unpack(batch))
  for index, member in ipairs(batch) do
    if count == wanted then break end
    local content = contents[index]
    local receives, first, source = 0, now, ''
    if known[index] then
      local receivedText, firstText, sourceText = string.match(known[index], '^(%d+):(%d+):(.*)$')
      receives, source = tonumber(receivedText), sourceText
      if receives > 0 then first = tonumber(firstText) end
    end
    if not content or tonumber(string.match(content, '^%d+')) + retention <= now then
      expired[#expired + 1] = member
    elseif allowed > 0 and receives >= allowed then
      spent[#spent + 1] = {member, content, receives + (tonumber(string.match(source, ' (%d+)$')) or 0)}
    else
      count = count + 1
      if receives == 0 then fresh[#fresh + 1] = member end
      taken[#taken + 1] = visibleAt
      taken[#taken + 1] = member
      local held = text(receives + 1) .. ':' .. text(first) .. ':' .. source
      states[#states + 1] = member
      states[#states + 1] = held
      answer[#answer + 1] = member .. ':' .. held
      answer[#answer + 1] = content
    end
  end
end
if room <= 0 then
  local head = headOf(due)
  if head and head <= now then return {'full'} end
end
each('ZADD', due, taken)
each('HSET', state, states)
each('ZREM', delayed, fresh)
drop(2, expired)
if #spent > 0 then
  answer[4] = '1'
  if bury(7, spent, false, #KEYS > 11, ARGV[9], now) then
    redis.call('PUBLISH', ARGV[4], ARGV[3] .. ' visible ' .. ARGV[10] .. ' 0')
  end
end
local head = headOf(due)
if head then answer[3] = text(head) end
return answer
`,
)
