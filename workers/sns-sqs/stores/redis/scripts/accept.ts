import { defineScript } from '../script.ts'

/**
 * Takes messages into their queues. KEYS: meta, sender, then four of each queue (due, age, delayed, messages).
 * ARGV: clock, epoch, sender, number of this send, channel, how many queues, their numbers, how many messages, then for each its text, how
 * many legs, and for each leg the place of its queue among KEYS and the delay. A send that was taken before is `repeated`.
 */
export const acceptScript = defineScript(
  'accept',
  '',
  `
local last = redis.call('GET', KEYS[2])
if last and tonumber(last) >= tonumber(ARGV[4]) then return {'repeated'} end
if stale() then return {'stale'} end
local now = clock()
local sent = text(now)
local queues = tonumber(ARGV[6])
local lists = {}
for place = 1, queues do lists[place] = {due = {}, age = {}, delayed = {}, messages = {}} end
local at = 7 + queues
local count = tonumber(ARGV[at])
local seq = tonumber(redis.call('HGET', KEYS[1], 'seq'))
at = at + 1
for _ = 1, count do
  seq = seq + 1
  local member = string.format('%013.0f', seq)
  local content = sent .. ARGV[at]
  local legs = tonumber(ARGV[at + 1])
  at = at + 2
  for _ = 1, legs do
    local list = lists[tonumber(ARGV[at])]
    local delay = tonumber(ARGV[at + 1])
    at = at + 2
    local visible = text(now + delay)
    list.due[#list.due + 1] = visible
    list.due[#list.due + 1] = member
    list.age[#list.age + 1] = sent
    list.age[#list.age + 1] = member
    list.messages[#list.messages + 1] = member
    list.messages[#list.messages + 1] = content
    if delay > 0 then
      list.delayed[#list.delayed + 1] = visible
      list.delayed[#list.delayed + 1] = member
    end
    if not list.soonest or delay < list.soonest then list.soonest = delay end
  end
end
redis.call('HSET', KEYS[1], 'seq', text(seq))
redis.call('SET', KEYS[2], ARGV[4], 'PX', 3600000)
for place = 1, queues do
  local list = lists[place]
  local key = 3 + (place - 1) * 4
  local head = headOf(KEYS[key])
  each('ZADD', KEYS[key], list.due)
  each('ZADD', KEYS[key + 1], list.age)
  each('ZADD', KEYS[key + 2], list.delayed)
  each('HSET', KEYS[key + 3], list.messages)
  -- Who waits elsewhere knows of the head already, and is told only of what comes before it.
  if list.soonest and (not head or now + list.soonest < head) then
    redis.call('PUBLISH', ARGV[5], ARGV[3] .. ' visible ' .. ARGV[6 + place] .. ' ' .. text(list.soonest))
  end
end
return {'ok', sent}
`,
)
