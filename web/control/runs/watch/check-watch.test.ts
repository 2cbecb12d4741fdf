import { expect, test } from 'vitest'
import type { CheckValues, RunCheck, RunFault } from '#contracts/api/run.ts'
import { CheckWatch } from './check-watch.ts'
import type { LabFigures } from './lab-figures.ts'

const check: RunCheck = {
  ...{ kind: 'after', id: 'heals', title: '', fault: 'cut', withinMs: 3_000 },
  condition: { metric: 'consumer.lag', op: '<', value: 5 },
}
const healed: RunFault = { ...{ id: 'cut', type: 'link.down', phase: 'p', hits: 1 }, state: 'healed', healedAt: 2_000 }
const figures = (lag: number): Pick<LabFigures, 'of'> => ({
  of: () => ({ db: lag }),
})

/** What is reported when the check is looked at with these lags at these milliseconds into the run. */
function lookedAt(...looks: [lag: number, elapsedMs: number][]) {
  const lines: [values: CheckValues, last: boolean, lateMs: number | undefined][] = []
  const watch = new CheckWatch({
    ...{ checks: [check], fault: () => healed },
    tell: (_id, values, last, lateMs) => void lines.push([values, last, lateMs]),
  })
  for (const [lag, elapsedMs] of looks) watch.look(figures(lag), undefined, elapsedMs)
  return { lines, isWaiting: watch.isWaiting() }
}

test('a check after a fault is decided when it holds, or by the look at the end of its time', () => {
  expect(lookedAt([9, 2_100], [9, 4_900])).toEqual({ lines: [], isWaiting: true })
  expect(lookedAt([9, 2_100], [4, 4_900], [9, 5_100])).toEqual({
    lines: [[{ db: 4 }, true, undefined]],
    isWaiting: false,
  })
  expect(lookedAt([9, 2_100], [9, 5_250])).toEqual({ lines: [[{ db: 9 }, true, undefined]], isWaiting: false })
})

test('a look that comes long after the time of a check says by how much it is late', () => {
  for (const lag of [4, 9])
    expect(lookedAt([9, 2_100], [lag, 9_000])).toEqual({ lines: [[{ db: lag }, true, 4_000]], isWaiting: false })
})
