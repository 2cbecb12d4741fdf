import { expect, test } from 'vitest'
import { createPollTurns } from './poll-turns.ts'

/** Takes a turn and notes in which order turns came. */
function open(max: number) {
  const turns = createPollTurns(max, 5)
  const came: string[] = []
  const take = async (group: string, signal = new AbortController().signal): Promise<number> => {
    const seconds = await turns.take(group, signal)
    came.push(group)
    return seconds
  }
  return { turns, came, take }
}
const settled = () => new Promise(setImmediate)

test('as long as there is a turn for each, nobody waits and polls are long', async () => {
  const { turns, take } = open(2)
  for (const group of ['a', 'b']) turns.join(group, false)
  expect(await Promise.all([take('a'), take('b'), take('a')])).toEqual([5, 5, 5])
})

test('more than that take turns in the order of coming, for a second each', async () => {
  const { turns, came, take } = open(2)
  for (const group of ['a', 'b', 'c', 'd']) turns.join(group, false)
  const taken = ['a', 'b', 'c', 'd'].map((group) => take(group))
  await settled()
  expect(came).toEqual(['a', 'b'])
  turns.end()
  turns.end()
  expect(await Promise.all(taken)).toEqual([1, 1, 1, 1])
  expect(came).toEqual(['a', 'b', 'c', 'd'])
})

test('who expects a message comes next, also where it asks later', async () => {
  const { turns, came, take } = open(1)
  for (const group of ['a', 'b', 'c', 'd']) turns.join(group, false)
  const taken = [take('a'), take('b'), take('c')]
  turns.expect(['c', 'd', 'not-here'])
  taken.push(take('d'))
  for (let left = taken.length; left > 0; left -= 1) {
    await settled()
    turns.end()
  }
  await Promise.all(taken)
  expect(came).toEqual(['a', 'd', 'c', 'b'])
})

test('those that nobody can announce keep long polls, up to half of the turns', async () => {
  const { turns, take } = open(2)
  turns.join('first', true)
  turns.join('second', true)
  turns.join('third', true)
  expect(await take('first')).toBe(5)
  expect(await take('second')).toBe(1)
})

test('who gives up is passed over, and who leaves makes room', async () => {
  const { turns, came, take } = open(1)
  const leave = turns.join('a', false)
  turns.join('b', false)
  void take('a')
  const giving = new AbortController()
  const given = take('b', giving.signal)
  giving.abort(new Error('stopped'))
  await expect(given).rejects.toThrow('stopped')
  leave()
  turns.end()
  expect(await take('b')).toBe(5)
  expect(came).toEqual(['a', 'b'])
})
