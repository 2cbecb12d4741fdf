import { expect, it } from 'vitest'
import { GroupCommit } from './group-commit.ts'

it('writes rows of one moment together, gathers while it writes, and keeps to the largest group', async () => {
  const groups: number[][] = []
  const commit = new GroupCommit<number>(async (rows) => {
    groups.push(rows)
    await new Promise((resolve) => setImmediate(resolve))
  }, 3)
  const first = [1, 2].map((row) => commit.add(row))
  await Promise.all(first)
  await Promise.all([3, 4, 5, 6].map((row) => commit.add(row)))
  await commit.idle()
  expect(groups).toEqual([[1, 2], [3, 4, 5], [6]])
})

it('keeps a group as light as configured, and takes a row that is heavier by itself', async () => {
  const groups: number[][] = []
  const commit = new GroupCommit<number>(
    async (rows) => {
      groups.push(rows)
    },
    10,
    { of: (row) => row, most: 10 },
  )
  await Promise.all([4, 5, 2, 8, 99, 1].map((row) => commit.add(row)))
  expect(groups).toEqual([[4, 5], [2, 8], [99], [1]])
})

it('rejects every row of a group that failed, and goes on with the next', async () => {
  let fails = true
  const commit = new GroupCommit<string>(async () => {
    if (fails) throw new Error('away')
  })
  const outcomes = await Promise.allSettled([commit.add('a'), commit.add('b')])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fails = false
  await expect(commit.add('c')).resolves.toBeUndefined()
})
