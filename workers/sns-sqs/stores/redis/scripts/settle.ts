import { defineScript } from '../script.ts'

/**
 * Deletes by receipt. KEYS: meta, all of the queue. ARGV: clock, epoch, sender, channel, number of the queue, then key and receive
 * count of each receipt. The second part of the answer is 0 if that freed a message of a FIFO queue, else empty.
 */
export const deleteScript = defineScript(
  'delete',
  'allow-oom',
  `
if stale() then return {'stale'} end
local answer = {'ok', ''}
local members, deleted = {}, {}
for at = 6, #ARGV, 2 do members[#members + 1] = ARGV[at] end
local counts = countsOf(KEYS[5], KEYS[6], members)
local fifo = #KEYS > 6
local now = fifo and clock() or 0
for index, member in ipairs(members) do
  local count = counts[index]
  local older = count and tonumber(ARGV[5 + index * 2]) < count
  if not count then answer[#answer + 1] = 'done'
  elseif fifo and (older or isVisible(KEYS[2], member, now)) then answer[#answer + 1] = 'expired'
  elseif older then answer[#answer + 1] = 'superseded'
  else
    answer[#answer + 1] = 'done'
    deleted[#deleted + 1] = member
  end
end
drop(2, deleted, fifo)
if fifo and #deleted > 0 then
  local head = headOf(KEYS[8])
  if head and head <= now then
    answer[2] = '0'
    redis.call('PUBLISH', ARGV[4], ARGV[3] .. ' visible ' .. ARGV[5] .. ' 0')
  end
end
return answer
`,
)

/**
 * Sets when received messages are visible again. KEYS: meta, all of the queue. ARGV: clock, epoch, sender, channel, number of the queue,
 * then key, receive count, timeout and, as 1, whether any receipt will do, of each. The answer begins with the soonest moment that was set, as a distance from now.
 */
export const changeVisibilityScript = defineScript(
  'changeVisibility',
  'allow-oom',
  `
if stale() then return {'stale'} end
local now = clock()
local answer = {'ok', ''}
local members, changed, delayed = {}, {}, {}
for at = 6, #ARGV, 4 do members[#members + 1] = ARGV[at] end
local counts, received = countsOf(KEYS[5], KEYS[6], members)
local soonest, sooner
local fifo = #KEYS > 6
local touched = {}
for index, member in ipairs(members) do
  local at = 2 + index * 4
  local count, timeout, any = counts[index], tonumber(ARGV[at + 2]), ARGV[at + 3] == '1'
  local older = count and tonumber(ARGV[at + 1]) < count
  if not count then answer[#answer + 1] = 'gone'
  elseif fifo and (older or isVisible(KEYS[2], member, now)) then
    answer[#answer + 1] = 'expired'
  elseif older and not any then answer[#answer + 1] = 'superseded'
  else
    answer[#answer + 1] = 'done'
    local score = tonumber(redis.call('ZSCORE', KEYS[2], member))
    -- After its expiry the message is anyone's.
    if score > now or (any and timeout > 0) then
      changed[#changed + 1] = text(now + timeout)
      changed[#changed + 1] = member
      touched[#touched + 1] = member
      if not received[index] then
        delayed[#delayed + 1] = text(now + timeout)
        delayed[#delayed + 1] = member
      end
      if not soonest or timeout < soonest then soonest = timeout end
      if now + timeout < score and (not sooner or timeout < sooner) then sooner = timeout end
    end
  end
end
each('ZADD', KEYS[2], changed)
each('ZADD', KEYS[4], delayed)
if fifo and #touched > 0 then
  for _, content in ipairs(redis.call('HMGET', KEYS[5], unpack(touched))) do fixHead(2, groupOf(content)) end
end
if soonest then answer[2] = text(soonest) end
if sooner then redis.call('PUBLISH', ARGV[4], ARGV[3] .. ' visible ' .. ARGV[5] .. ' ' .. text(sooner)) end
return answer
`,
)
