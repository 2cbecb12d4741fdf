import { expect, test, vi } from 'vitest'
import type { Replica } from '../replicas/replica.ts'
import { createFaultRunner } from './fault-runner.ts'
import { impossible, processFaults } from './process-faults.ts'

/** A replica whose process ends when the test says so. */
function slowToEnd() {
  let end: (at: number) => void = () => undefined
  const ended = new Promise<number>((resolve) => {
    end = resolve
  })
  const replica = { hold: () => ended, release: vi.fn(), status: () => ({ instance: 'consumer-db-1' }) }
  return { replica, end: () => end(7) }
}

test('a shutdown that lasts longer than its fault is seen to take effect, and over only then', async () => {
  const { replica, end } = slowToEnd()
  const perform = processFaults(() => [replica as unknown as Replica])
  const onChange = vi.fn()
  const nobody = () => impossible('not of a process')
  const runner = createFaultRunner({
    perform: {
      ...{ 'sidecar-process': perform, 'sidecar-link': nobody, runtime: nobody, producer: nobody },
      ...{ supervisor: nobody, simulator: nobody },
    },
    ...{ onChange, onEvent: () => undefined },
  })
  runner.hold([
    {
      ...{ id: 'f', type: 'process.shutdown', by: 'sidecar-process', percent: 100, seed: 1, endsAt: Date.now() },
      params: { graceMs: 8_000, restartAfterMs: 1 },
    },
  ])
  await vi.waitFor(() => expect(replica.release).toHaveBeenCalledWith('f'))
  expect(runner.status()).toMatchObject([{ state: 'healing', hits: 0 }])
  end()
  await vi.waitFor(() => expect(runner.status()).toMatchObject([{ state: 'ended', hits: 1, observedAt: 7 }]))
  expect(onChange).toHaveBeenCalled()
})
