import { defineScript } from '../script.ts'

/**
 * Takes visible messages out of a queue, each as a new one into another. KEYS: meta, all of the queue, then all of each target. ARGV: clock,
 * epoch, sender, channel, retention, whether the queue is FIFO (1 or 0), how many targets, for each the
 * ARN of the source that it takes from (`*`: any), its number and 1 if it is FIFO, then as many new ids as may be moved.
 * The answer: ok, moved, whether something was found, whether it stopped at one without a target, then the numbers of queues that got some.
 */
export const moveScript = defineScript(
  'move',
  '',
  `
if stale() then return {'stale'} end
local now = clock()
local fifo = ARGV[6] == '1'
local targets = {}
local count = tonumber(ARGV[7])
local at, key = 8, fifo and 11 or 7
for _ = 1, count do
  local target = {key = key, number = ARGV[at + 1], fifo = ARGV[at + 2] == '1'}
  targets[ARGV[at]] = target
  key = key + (target.fifo and 9 or 5)
  at = at + 3
end
local wanted = #ARGV - at + 1
local members = {}
if fifo then
  for _, group in ipairs(redis.call('ZRANGE', KEYS[8], '-inf', text(now), 'BYSCORE', 'LIMIT', 0, wanted)) do
    if #members >= wanted then break end
    local from, to = lineBounds(group)
    for _, place in ipairs(redis.call('ZRANGEBYLEX', KEYS[7], from, to, 'LIMIT', 0, wanted - #members)) do
      local member = string.sub(place, -13)
      if not isVisible(KEYS[2], member, now) then break end
      members[#members + 1] = member
    end
  end
else
  members = redis.call('ZRANGE', KEYS[2], '-inf', text(now), 'BYSCORE', 'LIMIT', 0, wanted)
end
local answer = {'ok', '0', #members > 0 and '1' or '0', '0'}
local moved, notified, gone = 0, {}, {}
if #members > 0 then
  local contents = redis.call('HMGET', KEYS[5], unpack(members))
  local states = redis.call('HMGET', KEYS[6], unpack(members))
  for index, member in ipairs(members) do
    local content = contents[index]
    if tonumber(string.match(content, '^%d+')) + tonumber(ARGV[5]) <= now then
      gone[#gone + 1] = member
    else
      local source = string.match(states[index] or '', '^%d+:%d+:([^ ]*)') or ''
      local target = targets['*'] or targets[source]
      if not target then
        answer[4] = '1'
        break
      end
      -- The id comes after group and deduplication id, all of them ASCII.
      local semicolon = string.find(content, ';', 1, true)
      local lengths = {}
      for length in string.gmatch(string.sub(content, 1, semicolon - 1), '%d+') do lengths[#lengths + 1] = length end
      local group = tonumber(lengths[7] or '0') + tonumber(lengths[8] or '0')
      local rest = semicolon + group + tonumber(lengths[2]) + 1
      local id = ARGV[at + moved]
      lengths[1], lengths[2] = text(now), tostring(#id)
      content = table.concat(lengths, ',') .. ';' .. string.sub(content, semicolon + 1, semicolon + group) .. id .. string.sub(content, rest)
      local new = string.format('%013.0f', redis.call('HINCRBY', KEYS[1], 'seq', 1))
      redis.call('ZADD', KEYS[target.key], text(now), new)
      redis.call('ZADD', KEYS[target.key + 1], text(now), new)
      redis.call('HSET', KEYS[target.key + 3], new, content)
      if target.fifo then putInLine(target.key, groupOf(content), new) end
      gone[#gone + 1] = member
      moved = moved + 1
      if not notified[target.number] then
        notified[target.number] = true
        answer[#answer + 1] = target.number
        redis.call('PUBLISH', ARGV[4], ARGV[3] .. ' visible ' .. target.number .. ' 0')
      end
    end
  end
  drop(2, gone, fifo)
end
answer[2] = text(moved)
return answer
`,
)
