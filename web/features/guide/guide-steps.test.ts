import { describe, expect, it } from 'vitest'
import type { Burst } from '#contracts/api/burst.ts'
import type { GroupFigures } from '#contracts/api/ledger.ts'
import type { ServiceStatus } from '#contracts/api/live.ts'
import { faultWith, labTopology } from '#web/features/faults/fault.fixture.ts'
import { emptyLab, type LabState } from '#web/live/lab-state.ts'
import { type GuideAct, guideSteps } from './guide-steps.ts'
import { guideSubject } from './guide-subject.ts'
import { type GuideRecord, guideView } from './guide-view.ts'

const service = (name: string, links: string[], state: 'up' | 'killed' = 'up'): ServiceStatus => ({
  ...{ name, connected: true, wanted: 2, gauges: [] },
  links: links.map((id) => ({ id, upstream: '127.0.0.1:1', connections: 1, bytesUp: 0, bytesDown: 0 })),
  replicas: [1, 2].map((index) => ({
    ...{ instance: `${name}-${index}`, pid: index, broker: 'local', restarts: 0, since: 0 },
    state: index === 1 ? state : 'up',
  })),
})
const topology = {
  ...labTopology,
  nodes: labTopology.nodes.map((node) => (node.id === 'consumer:consumer-db' ? { ...node, idempotent: true } : node)),
}
const services = (state: 'up' | 'killed' = 'up') => [
  service('consumer-email', ['consumer-email->broker', 'consumer-email->smtp']),
  service('consumer-db', ['consumer-db->broker', 'consumer-db->database'], state),
]
const subject = () => {
  const found = guideSubject(topology, services())
  if (!found) throw new Error('no subject')
  return found
}
const row = (more: Partial<GroupFigures>): GroupFigures => ({
  ...{ topic: 'order_placed', group: 'consumer-db', owed: 0, waiting: 0, handling: 0, retrying: 0 },
  ...{ delivered: 0, dead_lettered: 0, lost: 0 },
  ...more,
})
const noPublishes = { attempted: 0, open: 0, acked: 0, failed: 0, indeterminate: 0, recovered: 0, absent: 0 }
const ledger = (groups: GroupFigures[]): LabState['ledger'] => ({
  ...{
    verdict: { result: 'inconclusive', reasons: [] },
    publishes: noPublishes,
    groups,
    nextDue: {},
    anomalies: [],
    invariants: [],
  },
  ...{ watermark: { at: null, behindMs: null, sources: [] }, pending: 0, toldTwice: [] },
})
const stepOf = (act: GuideAct) => {
  const step = guideSteps.find((one) => one.act === act)
  if (!step) throw new Error(`no step ${act}`)
  return step
}
const view = (record: GuideRecord, live: Partial<LabState> = {}) =>
  guideView({ ...emptyLab, services: services(), ...live }, subject(), record)

describe('the subject of the first experiment', () => {
  it('is the consumer that promises a single effect, its first replica, and the link to what its effect is made in', () => {
    expect(subject()).toMatchObject({
      ...{ type: 'order_placed', consumer: 'consumer-db', instance: 'consumer-db-1', link: 'consumer-db->database' },
      ...{ replicas: 2, idempotent: true, nodes: { queue: 'queue:consumer-db', effect: 'effect:database' } },
    })
  })

  it('is none in a lab without a consumer that has an effect of its own', () => {
    const nodes = topology.nodes.filter(({ kind }) => kind !== 'effect')
    expect(guideSubject({ nodes, edges: topology.edges }, services())).toBeUndefined()
    expect(guideSubject(topology, [])).toBeUndefined()
  })
})

describe('steps end by what the lab shows', () => {
  it('the kill: seen, over, the process back and its backlog worked off', () => {
    const kill = stepOf('kill')
    const killed = { kill: 'f1' }
    const healed = faultWith({ type: 'process.kill', state: 'healed' })
    expect(kill.isDone(view({}))).toBe(false)
    expect(kill.isDone(view(killed, { faults: [{ ...healed, state: 'active' }] }))).toBe(false)
    expect(kill.isDone(view(killed, { faults: [healed], services: services('killed') }))).toBe(false)
    expect(kill.isDone(view(killed, { faults: [healed], ledger: ledger([row({ waiting: 10 })]) }))).toBe(false)
    expect(kill.isDone(view(killed, { faults: [healed], ledger: ledger([row({ waiting: 9 })]) }))).toBe(true)
    expect(
      kill.next(
        view(killed, { faults: [healed], services: services('killed'), ledger: ledger([row({ waiting: 41 })]) }),
      ),
    ).toBe('consumer-db-1 is gone; 41 wait for consumer-db.')
  })

  it('a load that is always on its way on a busy machine ends the wait after a while, a backlog does not', () => {
    const healedAt = '2026-01-01T00:00:00.000Z'
    const busy = (act: 'kill' | 'heal', afterMs: number, waiting: number) =>
      stepOf(act).isDone(
        view(act === 'kill' ? { kill: 'f1' } : { cut: 'f1' }, {
          faults: [{ ...faultWith({ type: 'process.kill', state: 'healed' }), healedAt }],
          ...{ at: Date.parse(healedAt) + afterMs, ledger: ledger([row({ waiting })]) },
        }),
      )
    for (const act of ['kill', 'heal'] as const)
      expect([busy(act, 19_000, 21), busy(act, 20_000, 21), busy(act, 300_000, 60)]).toEqual([false, true, false])
  })

  it('the cut, once an attempt was seen to wait for a retry; the heal, once none does', () => {
    const cut = faultWith({ type: 'link.down', target: { link: 'consumer-db->database' } })
    expect(stepOf('cut').isDone(view({ cut: 'f1' }, { faults: [cut] }))).toBe(false)
    expect(stepOf('cut').isDone(view({ cut: 'f1', retried: true }, { faults: [cut] }))).toBe(true)
    const over = { faults: [{ ...cut, state: 'healed' as const }] }
    expect(stepOf('heal').isDone(view({ cut: 'f1' }, { ...over, ledger: ledger([row({ retrying: 1 })]) }))).toBe(false)
    expect(stepOf('heal').isDone(view({ cut: 'f1' }, over))).toBe(true)
  })

  it('what was begun long ago, and what the lab no longer reports, has ended', () => {
    const record = { cut: 'f1', kill: 'f2', burst: 'b1', begunAt: { cut: 1_000, kill: 1_000, burst: 1_000 } }
    const soon = view(record, { at: 60_000 })
    expect([stepOf('load'), stepOf('kill'), stepOf('cut'), stepOf('heal')].map((step) => step.isDone(soon))).toEqual(
      Array(4).fill(false),
    )
    expect(stepOf('heal').missing?.(soon)).toBe('Nothing is cut. Step 5 does that.')
    const later = view(record, { at: 62_000 })
    expect([stepOf('load'), stepOf('kill'), stepOf('cut'), stepOf('heal')].map((step) => step.isDone(later))).toEqual(
      Array(4).fill(true),
    )
  })

  it('the load, by what the broker acknowledged', () => {
    const burst = (acked: number) => ({ id: 'b1', acked }) as Burst
    expect(stepOf('load').isDone(view({ burst: 'b1' }, { bursts: [burst(119)] }))).toBe(false)
    expect(stepOf('load').isDone(view({ burst: 'b1' }, { bursts: [burst(120)] }))).toBe(true)
  })

  it('the verdict says what was lost, of how much, and why it is not a pass', () => {
    const verdict = { result: 'fail' as const, reasons: ['3 messages are lost'] }
    const shown = view({ verdict }, { ledger: ledger([row({ owed: 1_200, lost: 3 })]) })
    expect(stepOf('judge').next(shown)).toBe('Fail: 3 lost of 1,200 owed. 3 messages are lost.')
  })

  it('what came twice is counted since the kill, and nothing is claimed where nothing did', () => {
    const repeats = (count: number) => ({
      ...{ name: 'duplicate_delivery' as const, meaning: '', count, failing: 0, samples: ['a'], since: '' },
      ...{ groups: { 'consumer-db': count }, samplesByGroup: { 'consumer-db': ['a'] } },
    })
    const shown = (count: number) => {
      const now = ledger([])
      return view({ repeatedBefore: 5 }, { ledger: now && { ...now, anomalies: [repeats(count)] } })
    }
    expect(stepOf('look').title(shown(5))).toBe('Nothing came twice this time')
    expect(stepOf('look').title(shown(21))).toBe('16 came twice: open one')
  })
})
