import { expect, test } from 'vitest'
import type { FlowFigures } from '#contracts/api/flow.ts'
import { flowValues } from './flow-values.ts'

const figures = (flow: string, given: Partial<FlowFigures>): FlowFigures => ({
  ...{ flow, started: 0, open: 0, ended: 0, endedBy: {}, overdue: 0, conflicting: 0 },
  ...given,
})
const before = [figures('order', { started: 10, open: 2, ended: 7, endedBy: { sent: 5, declined: 2 }, overdue: 1 })]
const now = [
  figures('order', {
    ...{ started: 30, open: 3, ended: 26, endedBy: { sent: 20, declined: 6 }, overdue: 1, conflicting: 2 },
  }),
  figures('refund', { started: 4, ended: 4, endedBy: { paid: 4 } }),
]
const of = (metric: string, more: { of?: string; end?: string } = {}) => flowValues({ metric, ...more }, now, before)

test('what began, ended and conflicts is counted since the run began, also of a flow that was declared since', () => {
  expect(of('flow.started')).toEqual({ order: 20, refund: 4 })
  expect(of('flow.ended', { of: 'order' })).toEqual({ order: 19 })
  expect(of('flow.conflicting', { of: 'order' })).toEqual({ order: 2 })
})

test('ended flows can be counted by one of their ends', () => {
  expect(of('flow.ended', { of: 'order', end: 'declined' })).toEqual({ order: 4 })
  expect(of('flow.ended', { of: 'order', end: 'nowhere' })).toEqual({ order: 0 })
})

test('what is open or overdue is counted whenever it began', () => {
  expect(of('flow.open')).toEqual({ order: 3, refund: 0 })
  expect(of('flow.overdue', { of: 'order' })).toEqual({ order: 1 })
})

test('a flow that the lab does not have has no figure, so no check on it can hold', () => {
  expect(of('flow.ended', { of: 'nothing' })).toEqual({})
})
