import type { PrismaClient } from '#prisma/generated/client.ts'
import { testContext } from '../../journeys/apply/apply-context.fixture.ts'
import { applyRecord } from '../../journeys/apply/apply-record.ts'
import { applyResolution } from '../../journeys/apply/apply-resolution.ts'
import type { JourneyRecord } from '../../journeys/journey-record.ts'
import { consumers } from '../audit.fixture.ts'
import { Findings } from '../findings.ts'
import type { LedgerBooks } from '../ledger-books.ts'
import { type ContentSources, createContentComparison } from './compare-contents.ts'
import { createContentReader } from './content-reader.ts'

const ignore = (): void => undefined
const other = { log: ignore, gauges: ignore, burst: ignore, fault: ignore, assigned: ignore }
const place = { segment: 1, offset: 0 }
/** The group whose rows a look compares unless another is named. */
export const group = 'consumer-db'
const began = Date.UTC(2026, 0, 1)

/** A lab whose telemetry reports every event as delivered; the tests fill the store that it is compared with. */
/** `prisma` is not asked for anything where `more` has contents of its own and no event is given a place. */
export function openContentLab(prisma: PrismaClient, more: Partial<ContentSources> = {}) {
  const context = testContext({ now: () => Date.now() })
  const edited = new Map<string, string[]>()
  const books = {
    context,
    bodyOf: () => undefined,
    resent: ({ id }: Pick<JourneyRecord, 'id'>) => ({ times: edited.has(id) ? 1 : 0, bodies: edited.get(id) ?? [] }),
  } as unknown as LedgerBooks
  const counts = new Map<string, number>()
  /** Publishes and delivers one event, in the order of the calls. `written` is where the inbox says its row is. */
  async function delivered(type: string, data: unknown, written?: { table: string; key: string }): Promise<string> {
    const seq = (counts.get(type) ?? 0) + 1
    counts.set(type, seq)
    const id = `producer-1:1:${type}:${seq}`
    const at = began + 1_000 * seq
    const publish = { at, producer: 'producer-1', epoch: 1, topic: type }
    const message = {
      seq,
      type,
      version: 1,
      traceparent: '',
      time: new Date(at).toISOString(),
      body: JSON.stringify(data),
    }
    applyRecord(context, other, { kind: 'publish.attempted', ...publish, messages: [message] }, place)
    applyRecord(context, other, { kind: 'publish.settled', ...publish, outcomes: [{ seq, state: 'acked' }] }, place)
    for (const name of ['consumer-db', 'consumer-email']) {
      const delivery = { id, attempt: 1, receiveCount: 1, startedAt: at + 1, endedAt: at + 2, outcome: 'ok' } as const
      applyRecord(
        context,
        other,
        { kind: 'delivery.ended', at, group: name, instance: `${name}-1`, deliveries: [delivery] },
        place,
      )
    }
    if (written) {
      const line = { messageId: id, consumer: group, type, effectTable: written.table, effectRef: written.key }
      await prisma.inbox.create({ data: line })
    }
    return id
  }
  const compare = createContentComparison({
    books,
    consumers: () => consumers,
    contents: createContentReader(prisma),
    now: Date.now,
    ...more,
  })
  const look = async (of = group) => {
    const findings = new Findings()
    const { verdicts, groups } = await compare(findings, new Set([of]), new AbortController().signal)
    for (const each of verdicts.decided) applyResolution(context, each, place)
    return { found: findings.list(), groups, anomalies: context.anomalies.list() }
  }
  /** What was compared, of all groups. */
  const compareAll = async () => {
    const names = new Set(consumers.map(({ name }) => name))
    return (await compare(new Findings(), names, new AbortController().signal)).groups
  }
  return { context, edited, delivered, look, compareAll }
}
