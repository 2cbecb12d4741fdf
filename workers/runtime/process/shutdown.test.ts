import { expect, test, vi } from 'vitest'
import { createShutdown } from './shutdown.ts'

function open(graceMs = 10_000) {
  const said: string[] = []
  let exit: (code: number) => void = () => undefined
  const exited = new Promise<number>((resolve) => {
    exit = resolve
  })
  const shutdown = createShutdown({
    graceMs,
    onDraining: (reason) => said.push(`draining: ${reason}`),
    onStepFailed: (error) => said.push(`failed: ${error instanceof Error ? error.message : error}`),
    exit,
  })
  return { shutdown, said, exited }
}

test('what was opened last is closed first, once, and the process ends with 0', async () => {
  const { shutdown, said, exited } = open()
  shutdown.add(async () => void said.push('connection'))
  shutdown.add(async (graceMs) => void said.push(`consumer, ${graceMs > 0 && graceMs <= 10_000}`))
  shutdown.begin('SIGTERM')
  shutdown.begin('again')
  expect(await exited).toBe(0)
  expect(said).toEqual(['draining: SIGTERM', 'consumer, true', 'connection'])
})

test('a step that fails does not keep the next from running', async () => {
  const { shutdown, said, exited } = open()
  shutdown.add(async () => void said.push('connection'))
  shutdown.add(() => Promise.reject(new Error('no')))
  shutdown.begin('SIGTERM')
  expect(await exited).toBe(1)
  expect(said).toEqual(['draining: SIGTERM', 'failed: no', 'connection'])
})

test('a step that never ends does not outlast the grace time', async () => {
  vi.useFakeTimers()
  const { shutdown, exited } = open(500)
  shutdown.add(() => new Promise(() => undefined))
  shutdown.begin('SIGTERM')
  await vi.advanceTimersByTimeAsync(800)
  expect(await exited).toBe(1)
  vi.useRealTimers()
})
