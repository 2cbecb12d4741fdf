import { expect, test } from 'vitest'
import type { PlannedFault } from '#contracts/scenario/plan.ts'
import { scriptedLab } from '../fixtures/scripted-lab.ts'
import { FaultWatch } from './fault-watch.ts'

const planned = (id: string, phase: string, endsWith?: string): PlannedFault => ({
  ...{ id, phase, startAtMs: 0, input: { type: 'handler.latency', seed: 1 } },
  ...(endsWith === undefined ? {} : { endsWith }),
})

test('a fault whose phase ends before its injection is answered is healed when the answer comes', async () => {
  const { lab } = scriptedLab()
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
    planned: [
      planned('brief', 'p', 'p'),
      planned('lasting', 'p'),
      planned('later', 'q', 'q'),
      planned('through', 'p', 'q'),
    ],
  })
  watch.inject('p', 10)
  watch.inject('q', 10)
  watch.endPhase('p')
  answer()
  await watch.settled()
  const stateOf = (id: string) => watch.of(id)?.state
  watch.look()
  expect(['brief', 'lasting', 'later', 'through'].map(stateOf)).toEqual(['healed', 'active', 'active', 'active'])
  watch.endPhase('q')
  watch.look()
  expect(['brief', 'lasting', 'later', 'through'].map(stateOf)).toEqual(['healed', 'active', 'healed', 'healed'])
})
