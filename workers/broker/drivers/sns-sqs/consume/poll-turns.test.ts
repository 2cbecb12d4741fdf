import { expect, test } from 'vitest'
import { createPollTurns, type PollTurn } from './poll-turns.ts'

/** Takes a turn and notes in which order turns came. */
function open(max: number) {
  const turns = createPollTurns(max, 5)
  const came: string[] = []
  const polling: { group: string; turn: PollTurn }[] = []
  const take = async (group: string, signal = new AbortController().signal): Promise<number> => {
    const turn = await turns.take(group, signal)
    came.push(group)
    polling.push({ group, turn })
    return turn.seconds
  }
  /** Ends the oldest open turn of those that `which` names, and answers its group. */
  const end = (which: (group: string) => boolean = () => true): string | undefined => {
    const index = polling.findIndex(({ group }) => which(group))
    const [ended] = index < 0 ? [] : polling.splice(index, 1)
    ended?.turn.end()
    return ended?.group
  }
  return { turns, came, take, end }
}
const settled = () => new Promise(setImmediate)

test('as long as there is a turn for each, nobody waits and polls are long', async () => {
  const { turns, take } = open(2)
  for (const group of ['a', 'b']) turns.join(group, false)
  expect(await Promise.all([take('a'), take('b'), take('a')])).toEqual([5, 5, 5])
})

test('more than that take turns in the order of coming, for a second each', async () => {
  const { turns, came, take, end } = open(2)
  for (const group of ['a', 'b', 'c', 'd']) turns.join(group, false)
  const taken = ['a', 'b', 'c', 'd'].map((group) => take(group))
  await settled()
  expect(came).toEqual(['a', 'b'])
  end()
  end()
  expect(await Promise.all(taken)).toEqual([1, 1, 1, 1])
  expect(came).toEqual(['a', 'b', 'c', 'd'])
})

test('who expects a message comes next, also where it asks later', async () => {
  const { turns, came, take, end } = open(1)
  for (const group of ['a', 'b', 'c', 'd']) turns.join(group, false)
  const taken = [take('a'), take('b'), take('c')]
  turns.expect(['c', 'd', 'not-here'])
  taken.push(take('d'))
  for (let left = taken.length; left > 0; left -= 1) {
    await settled()
    end()
  }
  await Promise.all(taken)
  expect(came).toEqual(['a', 'c', 'd', 'b'])
})

test('those that nobody can announce keep long polls, up to half of the turns', async () => {
  const { turns, take } = open(2)
  turns.join('first', true)
  turns.join('second', true)
  turns.join('third', true)
  expect(await take('first')).toBe(5)
  expect(await take('second')).toBe(1)
})

test('who gives up is skipped, and who leaves makes room', async () => {
  const { turns, came, take, end } = open(1)
  const leave = turns.join('a', false)
  turns.join('b', false)
  void take('a')
  await settled()
  const giving = new AbortController()
  const given = take('b', giving.signal)
  giving.abort(new Error('stopped'))
  await expect(given).rejects.toThrow('stopped')
  leave()
  end()
  expect(await take('b')).toBe(5)
  expect(came).toEqual(['a', 'b'])
})

const names = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name}-${index}`)

test.each([44, 33])(
  'whoever waits has its turn, however fast %i groups that nobody can announce ask again',
  async (count) => {
    const { turns, came, take, end } = open(128)
    const [firsts, others] = [names(count, 'first'), names(90, 'other')]
    for (const group of firsts) for (let replica = 0; replica < 4; replica += 1) turns.join(group, true)
    for (const group of others) turns.join(group, false)
    const polls = [...firsts.flatMap((group) => [group, group, group, group]), ...others]
    for (const group of polls) void take(group)
    await settled()
    // A turn of another is ended only if no first has one: their queues are full, those of others empty.
    for (let turn = 0; turn < 8 * polls.length; turn += 1) {
      const ended = end((group) => group.startsWith('first')) ?? end()
      if (ended) void take(ended)
      await settled()
    }
    expect(others.filter((group) => !came.includes(group))).toEqual([])
  },
)

test('one that was announced goes before those that came after it, firsts too', async () => {
  const { turns, came, take, end } = open(2)
  turns.join('first', true)
  for (const group of ['a', 'b', 'c']) turns.join(group, false)
  for (const group of ['a', 'b', 'c']) void take(group)
  await settled()
  turns.expect(['c'])
  void take('first')
  for (let turn = 0; turn < 2; turn += 1) {
    end()
    await settled()
  }
  expect(came).toEqual(['a', 'b', 'c', 'first'])
})

test('subscriptions of one group count each', async () => {
  const { turns, take } = open(2)
  const leave = turns.join('a', false)
  turns.join('a', false)
  turns.join('a', false)
  expect(turns.isCrowded()).toBe(true)
  expect(await take('a')).toBe(1)
  leave()
  leave()
  expect(turns.isCrowded()).toBe(false)
})

test('the place of one that ends its poll is given to another that nobody can announce', async () => {
  const { turns, take, end } = open(2)
  for (const group of ['first', 'second', 'third']) turns.join(group, true)
  expect([await take('first'), await take('second')]).toEqual([5, 1])
  const third = take('third')
  end((group) => group === 'first')
  expect(await third).toBe(5)
})
