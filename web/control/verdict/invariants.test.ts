import { expect, it } from 'vitest'
import { checkInvariants } from './invariants.ts'
import { epochMs, reportedLab } from './reported-lab.fixture.ts'

const broken = ({ context }: ReturnType<typeof reportedLab>) =>
  checkInvariants(context.ledger, context.anomalies).flatMap(({ invariant, holds }) => (holds ? [] : [invariant]))

/** One message in each of some states. */
function busyLab() {
  const lab = reportedLab()
  lab.published(1)
  lab.published(2, 'failed')
  lab.published(3, 'indeterminate')
  lab.started(1, 1, epochMs + 5)
  lab.ended(1, 1, epochMs + 6)
  return lab
}

it('L14 publishes add up, and a count that does not is found', () => {
  const lab = busyLab()
  expect(broken(lab)).toEqual([])
  lab.context.ledger.publishes.at('orders', 'order_placed').acked += 1
  expect(broken(lab)).toEqual(['publishes add up'])
})

it('L15 obligations add up, by state and by where they come from', () => {
  const lab = busyLab()
  lab.context.ledger.groups.at('orders', 'consumer-db').waiting += 1
  expect(broken(lab)).toEqual(['obligations add up'])
  const other = busyLab()
  other.context.ledger.groups.at('orders', 'consumer-db').expected += 1
  expect(broken(other)).toEqual(['obligations add up'])
})

it('L16 nothing is skipped', () => {
  const lab = busyLab()
  lab.started(1, 1, epochMs + 5, 'consumer-email')
  lab.settled(1, 'acked', epochMs + 7, 'consumer-email')
  expect(broken(lab)).toEqual(['nothing is passed over'])
})

it('L17 one effect each, where that is promised', () => {
  const lab = busyLab()
  lab.started(1, 2, epochMs + 8)
  lab.ended(1, 2, epochMs + 9)
  expect(broken(lab)).toEqual(['one effect each'])
})
