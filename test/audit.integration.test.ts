import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditReport, Disagreement } from '#contracts/api/audit.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { type FaultClient, faultClient } from './fault-client.ts'
import { kafkaMissing } from './kafka.ts'
import { type Lab, startLab } from './lab.ts'
import { loseMessage } from './lose-message.ts'
import { startTestPostgres, type TestPostgres } from './postgres.ts'
import { redisMissing } from './redis.ts'

/** Brokers that the cases run on, by name: `FAULTLINE_TEST_BROKERS=local,redis,kafka`. */
const brokers = (process.env.FAULTLINE_TEST_BROKERS ?? 'local').split(',') as BrokerName[]
const order = (index: number) => ({
  orderId: `4f7a2c1e-93d0-4b6e-8a51-${String(index).padStart(12, '0')}`,
  email: 'lin.okafor@example.com',
  items: [{ sku: 'KB-87', qty: 1, price: 119 }],
  total: 119,
})
/** Why a broker is not here, for those that need more than this project. */
const missing: Partial<Record<BrokerName, () => Promise<string | undefined>>> = {
  redis: () => redisMissing('the audit on Redis'),
  kafka: () => kafkaMissing('the audit on Kafka'),
}
const missed = new Map(await Promise.all(brokers.map(async (name) => [name, await missing[name]?.()] as const)))

describe.each(brokers)('an audit on %s', (broker) => {
  const isSkipped = missed.get(broker) !== undefined
  let lab: Lab
  let client: FaultClient
  let postgres: TestPostgres
  let database: pg.Client
  let count = 0

  beforeAll(async () => {
    if (isSkipped) return
    postgres = await startTestPostgres()
    database = new pg.Client({ connectionString: postgres.url })
    await database.connect()
    lab = await startLab({ BROKER: broker, DATABASE_URL: postgres.url })
    client = faultClient(lab.url)
    await client.works()
  }, 300_000)
  afterAll(async () => {
    await lab?.stop()
    await database?.end()
    await postgres?.stop()
  }, 60_000)

  const audit = async (timeoutMs = 60_000): Promise<AuditReport> => {
    const { status, body } = await client.call<AuditReport>('POST', '/api/ledger/audit', { timeoutMs })
    expect(status).toBe(200)
    return body
  }
  /** Publishes an order and answers its id. */
  const place = async (): Promise<string> => {
    count += 1
    const { body } = await client.publish('order_placed', order(count))
    if (body.state !== 'acked' || body.id === undefined) throw new Error(JSON.stringify(body))
    return body.id
  }
  const of = ({ disagreements }: AuditReport, kind: Disagreement['kind']) =>
    disagreements.filter((each) => each.kind === kind)

  test.skipIf(isSkipped)('says that three witnesses agree', { timeout: 120_000 }, async () => {
    for (let index = 0; index < 20; index += 1) await place()
    const report = await audit()
    expect(report).toMatchObject({ broker, drained: true, undrained: [], disagreements: [] })
    expect(report.verdict).toEqual({ result: 'pass', reasons: [] })
    const read = Object.fromEntries((report.witnesses.effects?.groups ?? []).map((each) => [each.group, each.messages]))
    expect(read).toEqual(report.witnesses.telemetry.delivered)
    for (const { groups, endOffset } of report.witnesses.broker?.partitions ?? []) {
      for (const { committed } of groups) expect([null, endOffset]).toContain(committed)
    }
    expect(report.witnesses.broker?.partitions !== undefined).toBe(broker === 'kafka')
  })

  test.skipIf(isSkipped)(
    'compares nothing while messages are under way, and runs once at a time',
    {
      timeout: 120_000,
    },
    async () => {
      const { body: fault } = await client.inject({ type: 'process.pause', target: 'consumer-db', durationMs: 600_000 })
      await client.observed(fault.id)
      const id = await place()
      // Both wait for what never comes; the one that arrives second is refused while the other waits.
      const ask = () => client.call<AuditReport & { code?: string }>('POST', '/api/ledger/audit', { timeoutMs: 3_000 })
      const answers = await Promise.all([ask(), ask()])
      const refused = answers.find(({ status }) => status !== 200)
      expect([refused?.status, refused?.body.code]).toEqual([409, 'audit_running'])
      const report = answers.find(({ status }) => status === 200)?.body
      expect(report).toMatchObject({ drained: false, verdict: { result: 'inconclusive' }, disagreements: [] })
      expect(report?.undrained).toContainEqual(
        expect.objectContaining({ what: 'backlog', group: 'consumer-db', samples: [id] }),
      )
      await client.heal(fault.id)
      await client.healed(fault.id)
      expect((await audit()).verdict.result).toBe('pass')
    },
  )

  test.skipIf(isSkipped)(
    'names what was done away with behind the back of the lab',
    {
      timeout: 300_000,
    },
    async () => {
      const [noRow, noInbox, nothing, noMail] = [await place(), await place(), await place(), await place()]
      await audit()
      await database.query('DELETE FROM orders WHERE message_id = ANY($1)', [[noRow, nothing]])
      await database.query('DELETE FROM inbox WHERE message_id = ANY($1)', [[noInbox, nothing]])
      await database.query('DELETE FROM mails WHERE message_id = $1', [noMail])
      const report = await audit()
      expect(report.verdict.result).toBe('fail')
      expect(of(report, 'row_missing')).toMatchObject([{ group: 'consumer-db', count: 1, samples: [noRow] }])
      expect(of(report, 'row_without_inbox')).toMatchObject([{ group: 'consumer-db', count: 1, samples: [noInbox] }])
      expect(of(report, 'effect_missing')).toMatchObject([
        { group: 'consumer-email', count: 1, samples: [noMail] },
        { group: 'consumer-db', count: 2, samples: [noInbox, nothing].sort() },
      ])
      expect(report.disagreements).toHaveLength(4)
    },
  )

  test.skipIf(isSkipped)(
    'names a row and a mail that do not say what their event says, and counts them once',
    { timeout: 300_000 },
    async () => {
      const [row, mail] = [await place(), await place()]
      await audit()
      await database.query("UPDATE orders SET email = 'eve@evil.example' WHERE message_id = $1", [row])
      await database.query(`UPDATE mails SET "to" = 'eve@evil.example' WHERE message_id = $1`, [mail])
      const [seen, again] = [await audit(), await audit()]
      for (const report of [seen, again]) {
        expect(of(report, 'effect_differs')).toMatchObject([
          { group: 'consumer-email', count: 1, samples: [mail], differences: [{ id: mail, field: 'recipient' }] },
          {
            ...{ group: 'consumer-db', count: 1, samples: [row] },
            differences: [{ field: 'orders.email', expected: 'lin.okafor@example.com', actual: 'eve@evil.example' }],
          },
        ])
        expect(report.anomalies).toContainEqual(
          expect.objectContaining({ name: 'effect_differs', count: 2, failing: 2 }),
        )
        expect(report.verdict.result).toBe('fail')
      }
    },
  )

  test.skipIf(isSkipped)(
    'names a message that the broker lost, and the ledger knows it from then on',
    {
      timeout: 300_000,
    },
    async () => {
      const id = await loseMessage({ broker, lab, client, publish: place })
      const report = await audit()
      const kind = broker === 'kafka' ? 'commit_passed' : 'message_gone'
      // Also where the ledger has found it by itself before.
      expect([...of(report, 'commit_passed'), ...of(report, 'message_gone')]).toEqual([
        expect.objectContaining({ kind, group: 'consumer-db', samples: [id] }),
      ])
      const { anomalies, groups, verdict } = await client.get<AuditReport>('/api/ledger')
      expect(anomalies).toContainEqual(
        expect.objectContaining({ name: 'lost_message', count: 1, samples: [id], groups: { 'consumer-db': 1 } }),
      )
      if (broker === 'kafka') {
        expect(anomalies).toContainEqual(expect.objectContaining({ name: 'premature_commit', count: 1, samples: [id] }))
      }
      expect(groups.reduce((sum, row) => sum + row.lost, 0)).toBe(1)
      expect(verdict.result).toBe('fail')
    },
  )
})
