/** What the two receiving scripts share: moving what was received too often. */
export const bury = `
-- Moves messages that were received too often to the dead-letter queue whose keys begin at KEYS[at].
local function bury(at, spent, fromFifo, intoFifo, arn, now)
  local head = headOf(intoFifo and KEYS[at + 6] or KEYS[at])
  local left = {}
  for _, one in ipairs(spent) do
    local member, content, receives = one[1], one[2], one[3]
    left[#left + 1] = member
    -- Two queues may share a dead-letter queue and a message: the second copy gets a key of its own. In a FIFO queue keys are the order.
    local key = member
    if intoFifo or redis.call('HEXISTS', KEYS[at + 3], key) == 1 then
      key = string.format('%013.0f', redis.call('HINCRBY', KEYS[1], 'seq', 1))
    end
    redis.call('ZADD', KEYS[at], text(now), key)
    redis.call('ZADD', KEYS[at + 1], string.match(content, '^%d+'), key)
    redis.call('HSET', KEYS[at + 3], key, content)
    redis.call('HSET', KEYS[at + 4], key, '0:0:' .. arn .. ' ' .. text(receives))
    if intoFifo then putInLine(at, groupOf(content), key) end
  end
  drop(2, left, fromFifo)
  return not head or now < head
end
`
