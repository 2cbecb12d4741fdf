import { describe, expect, it } from 'vitest'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { auditedLab, groups, idOf, publish } from './audit.fixture.ts'

const at = Date.now() - 30_000
const waitMs = 5_000

describe('an audit', () => {
  it('passes where three witnesses tell the same', async () => {
    const report = await auditedLab().audit.run(waitMs)
    expect(report).toMatchObject({ drained: true, undrained: [], disagreements: [] })
    expect(report.verdict).toEqual({ result: 'pass', reasons: [] })
    expect(report.witnesses).toMatchObject({
      telemetry: { delivered: { 'consumer-db': 10, 'consumer-email': 10 }, unsettled: 0 },
      broker: { queues: [{ group: 'consumer-email' }, { group: 'consumer-db' }] },
      effects: {
        groups: [
          { group: 'consumer-email', effects: 10, messages: 10 },
          { group: 'consumer-db', effects: 10 },
        ],
      },
    })
  })

  it('runs one at a time, not during a switch, and is given up when its asker or web goes', async () => {
    const { audit } = auditedLab()
    const first = audit.run(waitMs)
    await expect(audit.run(0)).rejects.toMatchObject({ code: 'audit_running' })
    await first
    const { audit: busy, queues } = auditedLab()
    if (queues[0]) queues[0].visible = 1
    const gone = new AbortController()
    const left = busy.run(60_000, gone.signal)
    gone.abort()
    await expect(left).rejects.toMatchObject({ code: 'shutting_down' })
    const closed = busy.run(60_000)
    const rejected = expect(closed).rejects.toMatchObject({ code: 'shutting_down' })
    await busy.close()
    await rejected
    const moving = auditedLab({ refusal: () => 'the lab moves' }).audit
    await expect(moving.run(0)).rejects.toMatchObject({ code: 'switch_running' })
  })
})

describe('a publish without an answer', () => {
  it('L7 is absent where no witness has seen it, and recovers when it appears after all', async () => {
    const { tell, audit, context } = auditedLab()
    tell(...publish(11, 'indeterminate'))
    expect(await audit.run(waitMs)).toMatchObject({ resolved: { absent: 1 }, verdict: { result: 'pass' } })
    expect(context.ledger.publishes.at('order_placed', 'order_placed')).toMatchObject({ indeterminate: 0, absent: 1 })
    tell(...wholeLife(11, 1, ['consumer-db'], at).slice(2, 3))
    expect(context.ledger.publishes.at('order_placed', 'order_placed')).toMatchObject({ recovered: 1, absent: 0 })
  })

  it('is recovered if its effect is there', async () => {
    const { tell, audit, store, context } = auditedLab()
    tell(...publish(11, 'indeterminate'))
    store.rows.push(idOf(11))
    store.mails.push(idOf(11))
    const report = await audit.run(waitMs)
    expect(report).toMatchObject({ resolved: { absent: 0, delivered: 2 }, verdict: { result: 'inconclusive' } })
    expect(context.ledger.publishes.at('order_placed', 'order_placed')).toMatchObject({
      recovered: 1,
      indeterminate: 0,
    })
  })
})

describe('a lab that is not quiet', () => {
  it('is not compared and never passes, and what is left is named', async () => {
    const { queues, tell, audit } = auditedLab({
      underWay: () => ({
        ...{ publishes: 2, bursts: ['burst-1'], redrives: [] },
        holding: [{ id: 'fault-1', type: 'link.timeout' }],
      }),
    })
    tell(...publish(11, 'acked'))
    if (queues[0]) queues[0].visible = 3
    const report = await audit.run(100)
    expect(report).toMatchObject({ drained: false, disagreements: [], verdict: { result: 'inconclusive' } })
    expect(report.resolved).toEqual({ absent: 0, lost: 0, delivered: 0, deadLettered: 0 })
    expect(report.undrained).toMatchObject([
      { what: 'backlog', group: 'consumer-email', count: 3, samples: [idOf(11)] },
      { what: 'publishes', count: 2 },
      { what: 'bursts', detail: expect.stringContaining('burst-1') },
      { what: 'faults', detail: expect.stringContaining('fault-1') },
    ])
  })

  it('is compared once it has become quiet', async () => {
    const { queues, between, audit } = auditedLab()
    const [queue] = queues
    if (!queue) throw new Error('there are two queues')
    queue.visible = 3
    between.look = () => {
      if (queue.visible > 0) queue.visible -= 1
    }
    expect(await audit.run(waitMs)).toMatchObject({ drained: true, verdict: { result: 'pass' } })
  })

  it('is looked at again where something was reported while the witnesses were read', async () => {
    const { tell, store, between, audit } = auditedLab()
    let reads = 0
    between.read = () => {
      reads += 1
      if (reads > 1) return
      // Published and handled between the two: the mails were read before it, the rows after.
      tell(...wholeLife(11, 1, groups, at))
      store.rows.push(idOf(11))
      store.mails.push(idOf(11))
    }
    expect(await audit.run(waitMs)).toMatchObject({ drained: true, disagreements: [], verdict: { result: 'pass' } })
    expect(reads).toBe(2)
  })

  it('says so if it never holds still', async () => {
    const { tell, between, audit } = auditedLab()
    let seq = 11
    between.read = () => {
      tell(...wholeLife(seq, 1, groups, at))
      seq += 1
    }
    const report = await audit.run(300)
    expect(report).toMatchObject({ drained: false, verdict: { result: 'inconclusive' } })
    expect(report.undrained[0]?.detail).toMatch(/went on while/)
  })

  it('does not take the word of a sidecar that is away', async () => {
    const { coverage, between, audit } = auditedLab()
    between.look = () => coverage.disconnected('consumer-db')
    const report = await audit.run(100)
    expect(report).toMatchObject({ drained: false, undrained: [{ what: 'telemetry', count: 1 }] })
  })

  it('says that the broker does not answer', async () => {
    const { audit } = auditedLab({ inspect: () => Promise.reject(new Error('connection refused')) })
    const report = await audit.run(0)
    expect(report.undrained[0]).toMatchObject({ what: 'broker', detail: expect.stringContaining('connection refused') })
    expect(report.witnesses.broker).toBeNull()
  })
})
