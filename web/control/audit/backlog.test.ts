import { describe, expect, it } from 'vitest'
import { poisonBody } from '#contracts/faults/poison-body.ts'
import type { StoredCopy } from '#workers/broker/broker.ts'
import { auditedLab, idOf, letterOf, publish } from './audit.fixture.ts'

const group = 'consumer-db'

/** A lab in which a group has taken nothing of what `ids` name. */
function waitingLab(readQueue: (copies: StoredCopy[]) => StoredCopy[] | string | Promise<never>, held = 2) {
  const copies: StoredCopy[] = []
  const lab = auditedLab({ readQueue: async () => readQueue(copies) })
  lab.tell(...publish(11, 'acked'), ...publish(12, 'acked'))
  for (const queue of lab.queues) if (queue.group === group) queue.visible = held
  for (const id of [idOf(11), idOf(12)]) {
    const { body, headers } = letterOf(lab, id)
    copies.push({ body, headers })
  }
  return { ...lab, copies, run: () => lab.audit.run(0) }
}

describe('what is in a queue', () => {
  it('is compared with what was published if the lab does not become idle', async () => {
    const { run, copies } = waitingLab((all) => all)
    expect(await run()).toMatchObject({ drained: false, disagreements: [], anomalies: [] })
    const [first, second] = copies
    if (!first || !second) throw new Error('there are two')
    first.body = '{"orderId":"another"}'
    second.body = poisonBody('malformed', second.body)
    for (let again = 0; again < 2; again += 1) {
      const report = await run()
      expect(report.disagreements).toMatchObject([
        { kind: 'altered_message', weight: 'fail', group, samples: [idOf(11)], differences: [{ field: 'body' }] },
        { kind: 'alteration_explained', weight: 'note', group, samples: [idOf(12)] },
      ])
      expect(report.anomalies).toMatchObject([{ name: 'altered_message', count: 1, samples: [idOf(11)] }])
      expect(report.verdict.result).toBe('fail')
    }
  })

  it('is compared as far as it was read', async () => {
    const { run, copies } = waitingLab((all) => all)
    if (copies[0]) copies[0] = { ...copies[0], body: copies[0].body.slice(0, 5), isCut: true }
    expect((await run()).disagreements).toEqual([])
  })

  it('L39 impossible_position: holds what nobody published, each counted once', async () => {
    const { run, copies } = waitingLab((all) => all, 3)
    const unsent = idOf(40)
    if (copies[0]) copies.push({ ...copies[0], headers: { ...copies[0].headers, ce_id: unsent } })
    for (let again = 0; again < 2; again += 1) {
      const report = await run()
      expect(report.disagreements).toMatchObject([
        { kind: 'backlog_differs', weight: 'fail', group, samples: [unsent] },
      ])
      expect(report.anomalies).toMatchObject([{ name: 'impossible_position', count: 1, samples: [unsent] }])
    }
  })

  it('takes no copy for unpublished while telemetry has a gap, comes from elsewhere, or is there twice', async () => {
    const { run, copies, context } = waitingLab((all) => all, 4)
    const [first] = copies
    if (!first) throw new Error('there are two')
    const named = (ce_id: string): StoredCopy => ({ ...first, headers: { ...first.headers, ce_id } })
    copies.push(first, named('by-hand'), named('shop-7:1:order_placed:1'), { body: 'x', headers: {} })
    expect((await run()).disagreements).toEqual([])
    context.health.addMissing('producer', 1)
    copies.push(named(idOf(40)))
    const report = await run()
    expect(report.disagreements).toMatchObject([{ kind: 'backlog_differs', weight: 'doubt' }])
    expect(report.anomalies).toEqual([])
  })

  it('is reported as open where it could not be looked into, or not whole', async () => {
    const open = { kind: 'content_not_compared', weight: 'doubt', group }
    expect((await waitingLab(() => 'this is AWS itself').run()).disagreements).toMatchObject([
      { ...open, count: 2, detail: expect.stringContaining('this is AWS itself') },
    ])
    expect((await waitingLab(() => Promise.reject(new Error('away'))).run()).disagreements).toMatchObject([
      { ...open, count: 2, detail: expect.stringContaining('away') },
    ])
    const many = waitingLab((all) => Array.from({ length: 200 }, () => all[0] ?? { body: '', headers: {} }), 500)
    expect((await many.run()).disagreements).toMatchObject([
      { ...open, count: 300, detail: expect.stringContaining('200 oldest') },
    ])
    expect((await waitingLab((all) => all.slice(1)).run()).disagreements, 'it was taken meanwhile').toEqual([])
  })
})
