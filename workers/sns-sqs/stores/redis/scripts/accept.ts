import { defineScript } from '../script.ts'

/**
 * Takes messages into their queues. KEYS: meta, sender, the two of topics' deduplication ids, then of each queue due, age, delayed,
 * messages and state, of a FIFO queue all nine. ARGV: clock, epoch, sender, number of this send, channel, how many queues, their numbers,
 * how many messages, then for each its text, its id where it has a group or a deduplication id of its own (else empty; with one: the
 * group, the ids of queue, of group and of topic, and the token of the topic's), how many legs, and for each leg the place of its queue
 * among KEYS, the delay, and the deduplication field (empty in a standard queue).
 * The answer: ok, when it was sent, the number of the first message, then place, number and id of each message that repeats another.
 * A send that was taken before is answered alike and changes nothing.
 */
export const acceptScript = defineScript(
  'accept',
  '',
  `
local last, first = string.match(redis.call('GET', KEYS[2]) or '0', '^(%d+):?(%d*)')
local again = tonumber(last) >= tonumber(ARGV[4])
if not again and stale() then return {'stale'} end
local now = clock()
local sent = text(now)
local queues = tonumber(ARGV[6])
local lists = {}
local at = 7 + queues
local count = tonumber(ARGV[at])
local seq = again and tonumber(first ~= '' and first or '0') or tonumber(redis.call('HGET', KEYS[1], 'seq'))
local answer = {'ok', sent, text(seq + 1)}
at = at + 1
for index = 1, count do
  seq = seq + 1
  local member = string.format('%013.0f', seq)
  local content = sent .. ARGV[at]
  local id = ARGV[at + 1]
  at = at + 2
  local group, topicField, token = '', '', ''
  if id ~= '' then
    group, topicField, token = ARGV[at], ARGV[at + 1], ARGV[at + 2]
    at = at + 3
  end
  local oldToken, oldSeq, oldId
  if topicField ~= '' then
    oldToken, oldSeq, oldId = knownOnce(KEYS[3], topicField, now)
    if not oldToken and not again then remember(KEYS[3], KEYS[4], topicField, now, seq, token, id) end
  end
  local skip = oldToken and oldToken ~= token
  local took = false
  local legs = tonumber(ARGV[at])
  at = at + 1
  for _ = 1, legs do
    local key, delay, field = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), ARGV[at + 2]
    at = at + 3
    local repeats = false
    if field ~= '' and not skip then
      local queueToken, queueSeq, queueId = knownOnce(KEYS[key + 7], field, now)
      repeats = queueToken and queueId ~= id
      if repeats then oldSeq, oldId = queueSeq, queueId
      elseif not again then remember(KEYS[key + 7], KEYS[key + 8], field, now, seq, id, id) end
    end
    if not skip and not repeats then
      took = true
      if not again then
        local list = lists[key]
        if not list then
          list = {due = {}, age = {}, delayed = {}, messages = {}, lined = {}, fifo = field ~= ''}
          lists[key] = list
        end
        local visible = text(now + delay)
        list.due[#list.due + 1] = visible
        list.due[#list.due + 1] = member
        list.age[#list.age + 1] = sent
        list.age[#list.age + 1] = member
        list.messages[#list.messages + 1] = member
        list.messages[#list.messages + 1] = content
        if field ~= '' then list.lined[#list.lined + 1] = {group, member} end
        if delay > 0 then
          list.delayed[#list.delayed + 1] = visible
          list.delayed[#list.delayed + 1] = member
        end
        if not list.soonest or delay < list.soonest then list.soonest = delay end
      end
    end
  end
  if skip or (not took and oldId and topicField == '') then
    answer[#answer + 1] = text(index)
    answer[#answer + 1] = oldSeq
    answer[#answer + 1] = skip and oldToken or oldId
  end
end
if again then return answer end
redis.call('HSET', KEYS[1], 'seq', text(seq))
redis.call('SET', KEYS[2], ARGV[4] .. ':' .. text(seq - count), 'PX', 3600000)
local key = 5
for place = 1, queues do
  local number = ARGV[6 + place]
  local fifo = string.sub(number, 1, 1) == 'f'
  if fifo then number = string.sub(number, 2) end
  local list = lists[key]
  if list then
    local head = headOf(fifo and KEYS[key + 6] or KEYS[key])
    each('ZADD', KEYS[key], list.due)
    each('ZADD', KEYS[key + 1], list.age)
    each('ZADD', KEYS[key + 2], list.delayed)
    each('HSET', KEYS[key + 3], list.messages)
    for _, one in ipairs(list.lined) do putInLine(key, one[1], one[2]) end
    -- Who waits elsewhere knows of the head already, and is notified only of what comes before it.
    if not head or now + list.soonest < head then
      redis.call('PUBLISH', ARGV[5], ARGV[3] .. ' visible ' .. number .. ' ' .. text(list.soonest))
    end
  end
  key = key + (fifo and 9 or 5)
end
return answer
`,
)
