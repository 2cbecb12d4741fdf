import { defineScript } from '../script.ts'
import { bury } from './bury.ts'

/**
 * As receive, of a FIFO queue: from the front of a group as far as messages are visible, then from the next group. KEYS: meta, nine of
 * the queue, all of its dead-letter queue where it has one. Arguments and answer are those of receive.
 */
export const receiveFifoScript = defineScript(
  'receiveFifo',
  'allow-oom',
  `${bury}
if stale() then return {'stale'} end
local now = clock()
local due, delayed, messages, state, line, heads = KEYS[2], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local retention, allowed, chores = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[12])
local wanted = math.min(tonumber(ARGV[5]), tonumber(ARGV[11]) - inFlightOf(due, delayed, now))
local answer = {'ok', text(now), '', '0'}
local visibleAt = text(now + tonumber(ARGV[6]))
local taken, states, fresh, expired, spent, touched = {}, {}, {}, {}, {}, {}
local count = 0

local function take(group)
  local from, to = lineBounds(group)
  local offset = 0
  touched[#touched + 1] = group
  while count < wanted and #expired + #spent < chores do
    local batch = redis.call('ZRANGEBYLEX', line, from, to, 'LIMIT', offset, wanted)
    if #batch == 0 then return end
    offset = offset + #batch
    for index, place in ipairs(batch) do batch[index] = string.sub(place, -13) end
    local scores = redis.call('ZMSCORE', due, unpack(batch))
    local contents = redis.call('HMGET', messages, unpack(batch))
    local known = redis.call('HMGET', state, unpack(batch))
    for index, member in ipairs(batch) do
      if count == wanted or not scores[index] or tonumber(scores[index]) > now then return end
      local content = contents[index]
      local receives, first, source = 0, now, ''
      if known[index] then
        local receivedText, firstText, sourceText = string.match(known[index], '^(%d+):(%d+):(.*)$')
        receives, source = tonumber(receivedText), sourceText
        if receives > 0 then first = tonumber(firstText) end
      end
      if tonumber(string.match(content, '^%d+')) + retention <= now then
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
end

local offset = 0
while count < wanted and #expired + #spent < chores do
  local groups = redis.call('ZRANGE', heads, '-inf', text(now), 'BYSCORE', 'LIMIT', offset, wanted)
  if #groups == 0 then break end
  offset = offset + #groups
  for _, group in ipairs(groups) do
    if count == wanted or #expired + #spent >= chores then break end
    take(group)
  end
end
each('ZADD', due, taken)
each('HSET', state, states)
each('ZREM', delayed, fresh)
drop(2, expired, true)
if #spent > 0 then
  answer[4] = '1'
  if bury(11, spent, true, #KEYS > 15, ARGV[9], now) then
    redis.call('PUBLISH', ARGV[4], ARGV[3] .. ' visible ' .. ARGV[10] .. ' 0')
  end
end
for _, group in ipairs(touched) do fixHead(2, group) end
local head = headOf(heads)
if head then answer[3] = text(head) end
return answer
`,
)
