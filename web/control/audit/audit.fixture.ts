import { headersOf } from '#contracts/events/envelope.ts'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { serviceWith } from '#contracts/service.fixture.ts'
import type { PartitionState } from '#workers/broker/broker.ts'
import type { DeadLetter } from '#workers/broker/dead-letters.ts'
import { testContext } from '../journeys/apply/apply-context.fixture.ts'
import { applyRecord } from '../journeys/apply/apply-record.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { Coverage, pipeMs } from '../ledger/coverage.ts'
import { judge } from '../verdict/judge.ts'
import { makeLedgerReport } from '../verdict/ledger-report.ts'
import { unsettledOfBroker } from '../verdict/unsettled.ts'
import { type AuditSources, createAudit } from './audit.ts'
import { ContentVerdicts } from './contents/content-verdicts.ts'

const ignore = (): void => undefined
const other = { log: ignore, gauges: ignore, burst: ignore, fault: ignore, assigned: ignore }
const place = { segment: 1, offset: 0 }
export const groups = ['consumer-email', 'consumer-db']
export const consumers: ConsumerDeclaration[] = [
  {
    ...serviceWith({ name: 'consumer-email', receives: ['order_placed'], idempotent: false }),
    effect: { kind: 'email', name: 'mailbox' },
  },
  {
    ...serviceWith({ name: 'consumer-db', receives: ['order_placed'], idempotent: true }),
    effect: { kind: 'row', name: 'database' },
  },
]
export const idOf = (seq: number): string => `producer-1:1:order_placed:${seq}`

/** Ten messages that went all the way, and three witnesses that a test may change. */
export function auditedLab(given: Partial<AuditSources> = {}) {
  const context = testContext({ now: () => Date.now(), needsEffect: () => true })
  const coverage = new Coverage()
  const tell = (...records: TelemetryRecord[]): void => {
    for (const record of records) applyRecord(context, other, record, place)
  }
  const store = { rows: [] as string[], mails: [] as string[], missing: [] as string[], stray: [] as string[] }
  const queues = groups.map((group) => ({ group, visible: 0, inFlight: 0, delayed: 0, deadLetters: 0 }))
  /** Ids of dead letters, by group, or `?` and a trace if they have none; undefined: the broker does not show them. */
  const letters: Record<string, string[] | undefined> = { 'consumer-email': [], 'consumer-db': [] }
  /** Bodies of dead letters that are not as they were published, by id. */
  const altered = new Map<string, string>()
  const partitions: PartitionState[] = []
  /** What happens between two looks of the audit. */
  const between = { look: ignore, read: ignore }
  const verified = new Map<string, number>()
  const report = () =>
    makeLedgerReport({
      ...{ context, coverage, health: context.health, now: () => Date.now() },
      ...{ dropped: () => [], refused: () => 0, broker: () => 'local' },
    })
  const beat = (): void => {
    for (const service of ['producer', ...groups]) {
      if (!coverage.knows(service)) coverage.connected(service, Date.now())
      // As if all had been pushed that will ever have been written until then.
      coverage.pushed(service, 0, Date.now() + 60_000 + pipeMs)
      coverage.pushed(service, 0, Date.now() + 60_000 + pipeMs)
    }
  }
  const audit = createAudit({
    books: {
      ...{ context, coverage, report, verified },
      bodyOf: () => undefined,
      resent: () => ({ times: 0, bodies: [] }),
      resolve: (decided) => {
        for (const each of decided) applyResolution(context, each, place)
      },
      look: () => {
        for (const each of judge(context, coverage)) applyResolution(context, each, place)
      },
    },
    consumers: () => consumers,
    broker: () => 'local',
    async inspect() {
      beat()
      between.look()
      return { queues, bindings: [], ...(partitions.length > 0 ? { partitions } : {}) }
    },
    unsettled: (broker) => unsettledOfBroker(broker, context.ledger, context.traces),
    underWay: () => ({ publishes: 0, bursts: [], redrives: [], holding: [] }),
    deadLetters: () => ({
      async list(group) {
        const those = letters[group]
        if (!those) throw new Error('not shown')
        return { letters: those.map((id) => letter(context, id, altered)), more: false }
      },
      redrive: async () => [],
      discard: async () => [],
    }),
    discards: { of: () => [] },
    compareContents: async (findings) => ({ verdicts: new ContentVerdicts(findings, Date.now), groups: [] }),
    effects: {
      async *rows() {
        between.read()
        yield [...store.rows]
      },
      async *mails() {
        yield [...store.mails]
      },
      missingRows: async () => store.missing,
      strayRows: async () => store.stray,
    },
    log: () => undefined,
    readQueue: async () => [],
    mailDestination: { kind: 'mailbox', server: '127.0.0.1:1025' },
    quietMs: 30,
    ...given,
  })
  tell(...wholeLife(1, 10, groups, Date.now() - 60_000))
  const ids = Array.from({ length: 10 }, (_, index) => idOf(index + 1))
  store.rows.push(...ids)
  store.mails.push(...ids)
  return { verified, context, coverage, tell, store, queues, letters, altered, partitions, between, audit }
}

/** A copy of a message as it was published. */
export const letterOf = ({ context }: Pick<ReturnType<typeof auditedLab>, 'context'>, id: string): DeadLetter =>
  letter(context, id, new Map())

/** A dead letter as its message was published; `?` and a trace makes one that has no more than that. */
function letter(
  { ledger, traces }: ReturnType<typeof testContext>,
  id: string,
  altered: Map<string, string>,
): DeadLetter {
  if (id.startsWith('?')) return { ref: id, body: '', headers: { traceparent: id.slice(1) }, at: 0 }
  const found = ledger.find(id)
  const journey = found && traces.get(found.sequence, found.seq)
  if (!journey) return { ref: id, body: '', headers: { ce_id: id }, at: 0 }
  const { type, sequence, time, traceparent, version, key = '', body = '' } = journey
  const headers = headersOf({ id, type, topic: sequence.topic, time, traceparent, version, key, body })
  return { ref: id, body: altered.get(id) ?? body, headers, at: 0 }
}

/** A publish alone, as its producer reports it. `ref` is the broker's own name for its place. */
export function publish(seq: number, state: 'acked' | 'indeterminate', ref?: string): TelemetryRecord[] {
  const [attempted, settled] = wholeLife(seq, 1, groups, Date.now() - 30_000)
  if (settled?.kind !== 'publish.settled' || !attempted) throw new Error('a life begins with its publish')
  return [attempted, { ...settled, outcomes: [{ seq, state, ...(ref === undefined ? {} : { ref }) }] }]
}

/** The group gave the message up. */
export const deadLettered = (seq: number, group: string): TelemetryRecord => ({
  ...{ kind: 'delivery.settled', at: Date.now() - 20_000, group, instance: `${group}-1` },
  ...{ settlement: 'dead_lettered', ids: [idOf(seq)] },
})
