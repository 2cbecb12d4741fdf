import { expect, test } from 'vitest'
import { Together } from './together.ts'

/** Runs that end when the test says so. */
function held(most = 100) {
  const runs: { place: string; requests: number[]; end: () => void; fail: (error: Error) => void }[] = []
  const together = new Together<number, string>({
    run: (place, requests) =>
      new Promise((resolve, reject) => {
        const end = () => resolve(requests.map((request) => `${place}${request}`))
        runs.push({ place, requests, end, fail: reject })
      }),
    weigh: (request) => request,
    most,
  })
  const seen = () => runs.map(({ place, requests }) => [place, requests])
  const run = async (index: number) => {
    await expect.poll(() => runs.length).toBeGreaterThan(index)
    return runs[index] as (typeof runs)[number]
  }
  return { together, seen, run }
}

test('requests of one turn go out together, and each gets its own answer', async () => {
  const { together, seen, run } = held()
  const answers = Promise.all([together.add('a', 1), together.add('a', 2), together.add('a', 3)])
  ;(await run(0)).end()
  expect(await answers).toEqual(['a1', 'a2', 'a3'])
  expect(seen()).toEqual([['a', [1, 2, 3]]])
})

test('what comes while one is under way waits for the next, and places do not wait for each other', async () => {
  const { together, seen, run } = held()
  const first = together.add('a', 1)
  const underWay = await run(0)
  const later = Promise.all([together.add('a', 2), together.add('a', 3)])
  const elsewhere = together.add('b', 4)
  ;(await run(1)).end()
  expect(await elsewhere).toBe('b4')
  expect(seen()).toEqual([
    ['a', [1]],
    ['b', [4]],
  ])
  underWay.end()
  expect(await first).toBe('a1')
  ;(await run(2)).end()
  expect(await later).toEqual(['a2', 'a3'])
})

test('no more goes out at once than allowed, and what is larger by itself goes alone', async () => {
  const { together, seen, run } = held(5)
  const answers = Promise.all([2, 3, 1, 9, 1].map((request) => together.add('a', request)))
  for (const index of [0, 1, 2, 3]) (await run(index)).end()
  expect(await answers).toEqual(['a2', 'a3', 'a1', 'a9', 'a1'])
  expect(seen().map(([, requests]) => requests)).toEqual([[2, 3], [1], [9], [1]])
})

test('a failure is that of the requests it was run for, and the next are served', async () => {
  const { together, run } = held()
  const failed = Promise.allSettled([together.add('a', 1), together.add('a', 2)])
  const underWay = await run(0)
  const next = together.add('a', 3)
  underWay.fail(new Error('away'))
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  ;(await run(1)).end()
  expect(await next).toBe('a3')
  const again = together.add('a', 4)
  ;(await run(2)).end()
  expect(await again).toBe('a4')
})
