import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openCurrentLab } from './current-lab.ts'
import { type DeclaredLab, withEventType } from './declared-lab.ts'

const initial: DeclaredLab = { eventTypes: [], subscriptions: [] }
const named = (name: string) => ({ name, topic: name, version: 1, builtIn: false, schema: {}, example: {} })
const names = ({ eventTypes }: DeclaredLab): string[] => eventTypes.map(({ name }) => name)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-currentLab-'))
  // How long workers are waited for does not pass here.
  vi.useFakeTimers({ toFake: ['setTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

it('a worker that does not answer holds up its own change, and none that comes after it', async () => {
  const currentLab = await openCurrentLab({
    ...{ path: join(folder, 'lab.json'), initial, log: pino({ level: 'silent' }) },
    store: {
      load: async () => initial,
      save: async () => undefined,
      forget: async () => undefined,
      lastEpochs: async () => [],
      raiseEpochs: async () => undefined,
    },
  })
  await currentLab.start()
  const announced: string[][] = []
  let answer: () => void = () => undefined
  currentLab.onChange(() => {
    announced.push(names(currentLab.lab()))
    return new Promise((resolve) => {
      answer = resolve
    })
  })
  const done: string[] = []
  const change = (name: string) =>
    currentLab.change((lab) => withEventType(lab, named(name), [])).then(() => void done.push(name))
  const both = [change('first'), change('second')]
  await expect.poll(() => announced, { timeout: 30_000 }).toEqual([['first'], ['first', 'second']])
  expect(done).toEqual([])
  answer()
  await both[1]
  expect(done).toEqual(['second'])
  // The time is over.
  await vi.runAllTimersAsync()
  await both[0]
  expect(done).toEqual(['second', 'first'])
})
