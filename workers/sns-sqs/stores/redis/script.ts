import { createHash } from 'node:crypto'

/** A Lua script as Redis knows it. */
export interface Script {
  name: string
  lua: string
  sha: string
}

/**
 * What scripts share. `KEYS[1]` is always the meta hash, `ARGV[1]` a clock for tests (empty: the server's own), `ARGV[2]`
 * the epoch of the declarations from which the caller worked out keys and arguments.
 */
const prelude = `
local function text(number) return string.format('%.0f', number) end

local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local at = redis.call('TIME')
  return at[1] * 1000 + math.floor(at[2] / 1000)
end

local function stale() return redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[2] end

-- When the first of a queue is visible; nil where it is empty.
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

-- Removes messages from the queue whose five keys begin at KEYS[at].
local function drop(at, members)
  if #members == 0 then return end
  each('ZREM', KEYS[at], members)
  each('ZREM', KEYS[at + 1], members)
  each('ZREM', KEYS[at + 2], members)
  each('HDEL', KEYS[at + 3], members)
  each('HDEL', KEYS[at + 4], members)
end

-- Drops the oldest that were sent at 'before' or earlier, at most 'limit'.
local function trim(at, before, limit)
  local old = redis.call('ZRANGE', KEYS[at + 1], '-inf', text(before), 'BYSCORE', 'LIMIT', 0, limit)
  drop(at, old)
  return #old
end

local function inFlightOf(due, delayed, now)
  local after = '(' .. text(now)
  local hidden = redis.call('ZCOUNT', due, after, '+inf')
  local late = redis.call('ZCOUNT', delayed, after, '+inf')
  return hidden - late, late
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
