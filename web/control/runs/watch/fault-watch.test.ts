import { expect, test } from 'vitest'
import type { PlannedFault } from '#contracts/scenario/plan.ts'
import { scriptedLab } from '../fixtures/scripted-lab.ts'
import { FaultWatch } from './fault-watch.ts'

const planned = (id: string, phase: string, endsWithPhase: boolean): PlannedFault => ({
  ...{ id, phase, startAtMs: 0, endsWithPhase, input: { type: 'handler.latency', seed: 1 } },
})

test('a fault whose phase ends before its injection is answered is healed when the answer comes', async () => {
  const { lab, faults } = scriptedLab()
  const { inject } = lab.faults
  let answer = (): void => undefined
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  lab.faults.inject = async (input) => {
    await answered
    return inject(input)
  }
  const watch = new FaultWatch({
    ...{ lab, startedAt: Date.now(), tell: () => undefined },
    planned: [planned('brief', 'p', true), planned('lasting', 'p', false), planned('later', 'q', true)],
  })
  watch.inject('p', 10)
  watch.inject('q', 10)
  watch.endPhase('p')
  answer()
  await watch.settled()
  expect(faults.map(({ state }) => state)).toEqual(['healed', 'active', 'active'])
  watch.endPhase('q')
  expect(faults.map(({ state }) => state)).toEqual(['healed', 'active', 'healed'])
})
