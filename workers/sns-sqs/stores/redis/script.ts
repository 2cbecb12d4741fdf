import { createHash } from 'node:crypto'

/** A Lua script as Redis knows it. */
export interface Script {
  name: string
  lua: string
  sha: string
}

/**
 * What scripts share. `KEYS[1]` is always the meta hash, `ARGV[1]` a clock (empty: the server's own; `+n`: n milliseconds ahead of it), `ARGV[2]`
 * the epoch of the declarations from which the caller worked out keys and arguments.
 */
const prelude = `
local deduplicationMs = 300000

local function text(number) return string.format('%.0f', number) end

local function clock()
  local given = ARGV[1]
  if given ~= '' and string.sub(given, 1, 1) ~= '+' then return tonumber(given) end
  local at = redis.call('TIME')
  return at[1] * 1000 + math.floor(at[2] / 1000) + (given == '' and 0 or tonumber(given))
end

local function stale() return redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[2] end

-- When the first of a queue is visible; nil if it is empty.
local function headOf(due)
  local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
  return first[2] and tonumber(first[2])
end

-- One command with many arguments, in slices that Lua's stack holds; 2000 keeps pairs together.
local function each(command, key, list)
  for from = 1, #list, 2000 do
    redis.call(command, key, unpack(list, from, math.min(from + 1999, #list)))
  end
end

-- The group in a message's text: the last of eight lengths, and first of the parts.
local function groupOf(content)
  local semicolon = string.find(content, ';', 1, true)
  local length = string.match(string.sub(content, 1, semicolon - 1), '^%d+,%d+,%d+,%d+,%d+,%d+,%d+,(%d+)$')
  return length and string.sub(content, semicolon + 1, semicolon + tonumber(length)) or ''
end

-- What members of a group begin with in the line: its length keeps groups apart of which one begins like another.
local function lineOf(group) return string.format('%03d', #group) .. group end

local function lineBounds(group)
  local prefix = lineOf(group)
  return '[' .. prefix .. '0000000000000', '[' .. prefix .. '9999999999999'
end

-- Makes a group's place among the heads that of its first message. The FIFO queue's keys begin at KEYS[at].
local function fixHead(at, group)
  local from, to = lineBounds(group)
  local first = redis.call('ZRANGEBYLEX', KEYS[at + 5], from, to, 'LIMIT', 0, 1)[1]
  local score = first and redis.call('ZSCORE', KEYS[at], string.sub(first, -13))
  if score then redis.call('ZADD', KEYS[at + 6], score, group) else redis.call('ZREM', KEYS[at + 6], group) end
end

local function putInLine(at, group, member)
  redis.call('ZADD', KEYS[at + 5], 0, lineOf(group) .. member)
  if not redis.call('ZSCORE', KEYS[at + 6], group) then fixHead(at, group) end
end

-- Takes messages out of the line of a FIFO queue whose keys begin at KEYS[at]; the groups that this touches.
local function leaveLine(at, members)
  local groups, seen, gone = {}, {}, {}
  local contents = redis.call('HMGET', KEYS[at + 3], unpack(members))
  for index, member in ipairs(members) do
    if contents[index] then
      local group = groupOf(contents[index])
      gone[#gone + 1] = lineOf(group) .. member
      if not seen[group] then
        seen[group] = true
        groups[#groups + 1] = group
      end
    end
  end
  each('ZREM', KEYS[at + 5], gone)
  return groups
end

-- Removes messages from the queue whose keys begin at KEYS[at]; 'fifo' where it has a line.
local function drop(at, members, fifo)
  if #members == 0 then return end
  local groups = fifo and leaveLine(at, members) or {}
  each('ZREM', KEYS[at], members)
  each('ZREM', KEYS[at + 1], members)
  each('ZREM', KEYS[at + 2], members)
  each('HDEL', KEYS[at + 3], members)
  each('HDEL', KEYS[at + 4], members)
  for _, group in ipairs(groups) do fixHead(at, group) end
end

-- Drops the oldest that were sent at 'before' or earlier, at most 'limit'.
local function trim(at, before, limit, fifo)
  local old = redis.call('ZRANGE', KEYS[at + 1], '-inf', text(before), 'BYSCORE', 'LIMIT', 0, limit)
  drop(at, old, fifo)
  return #old
end

local function isVisible(due, member, now)
  local score = redis.call('ZSCORE', due, member)
  return not score or tonumber(score) <= now
end

local function inFlightOf(due, delayed, now)
  local after = '(' .. text(now)
  local hidden = redis.call('ZCOUNT', due, after, '+inf')
  local late = redis.call('ZCOUNT', delayed, after, '+inf')
  return hidden - late, late
end

-- What was taken with a deduplication id: token, number and id; nil where that is too long ago or was never.
local function knownOnce(ids, field, now)
  local found = redis.call('HGET', ids, field)
  if not found then return nil end
  local at, seq, token, id = string.match(found, '^(%d+) (%d+) (%S+) (.*)$')
  if tonumber(at) + deduplicationMs <= now then return nil end
  return token, seq, id
end

-- Remembers a deduplication id and forgets a few that have had their time.
local function remember(ids, ages, field, now, seq, token, id)
  redis.call('HSET', ids, field, text(now) .. ' ' .. text(seq) .. ' ' .. token .. ' ' .. id)
  redis.call('ZADD', ages, text(now), field)
  local old = redis.call('ZRANGE', ages, '-inf', text(now - deduplicationMs), 'BYSCORE', 'LIMIT', 0, 10)
  if #old > 0 then
    redis.call('ZREM', ages, unpack(old))
    redis.call('HDEL', ids, unpack(old))
  end
end

-- The receive counts that receipts must reach, and which were received; no count where the message is gone. A message
-- whose receive was forgotten counts 0.
local function countsOf(messages, state, members)
  local counts, received = {}, {}
  if #members == 0 then return counts, received end
  for index, known in ipairs(redis.call('HMGET', state, unpack(members))) do
    if known then
      counts[index] = tonumber(string.match(known, '^%d+'))
      received[index] = true
    elseif redis.call('HEXISTS', messages, members[index]) == 1 then counts[index] = 0 end
  end
  return counts, received
end
`

/**
 * `flags` as Redis 7 takes them: without one a script is refused while the memory is full, `allow-oom` is for those that
 * let consumers go on and free it, `no-writes` for those that a replica may answer too.
 */
export function defineScript(name: string, flags: 'allow-oom' | 'no-writes' | '', lua: string): Script {
  const whole = `#!lua${flags === '' ? '' : ` flags=${flags}`}\n${prelude}${lua}`
  return { name, lua: whole, sha: createHash('sha1').update(whole).digest('hex') }
}
