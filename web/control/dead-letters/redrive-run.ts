import type { DeadLetterItem, Redrive, Redriven } from '#contracts/api/dead-letter.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { DeadLetters, RedriveOutcome, RedriveRequest } from '#workers/broker/dead-letters.ts'
import { parseDeadLetterId } from './dead-letter-item.ts'

/** What became of a message in its group after it was sent back. */
export type Fate = 'open' | 'delivered' | 'dead_lettered'

export interface RunSources {
  deadLetters: () => DeadLetters
  broker(): BrokerName
  /** The chosen ones that are there now. */
  choose(): Promise<{ items: DeadLetterItem[]; more: boolean }>
  requestOf(item: DeadLetterItem): Promise<RedriveRequest>
  /** Puts records into the journal; throws if the disk does not take them, and then nothing may be sent. */
  report(records: TelemetryRecord[]): void
  fate(messageId: string, group: string): Fate
  /** Called with each message that the broker stored for its group. */
  remember(redriven: Redriven[]): void
  changed(redrive: Redrive): void
  now(): number
  /** Resolves after `ms` or when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Dead letters that go back in one request to the broker. */
const chunkSize = 10
/** How often the fate of the canary is looked at, in milliseconds. */
const canaryEveryMs = 250

/**
 * RUNNING (→ AWAITING_CANARY → RUNNING) → DONE | STOPPED | FAILED. `sending` is in the journal before a copy is sent and `stored`
 * after the original is gone, so that at any crash the ledger knows what may run again.
 */
export async function runRedrive(start: Redrive, sources: RunSources, signal: AbortSignal): Promise<Redrive> {
  const { report, now } = sources
  let redrive = start
  const become = (change: Partial<Redrive>): void => {
    redrive = { ...redrive, ...change }
    sources.changed(redrive)
  }
  const end = (state: Redrive['state'], detail?: string): Redrive => {
    become({ state, endedAt: new Date(now()).toISOString(), ...(detail === undefined ? {} : { detail }) })
    return redrive
  }
  const tried = new Set<string>()
  const startedAt = new Date(start.startedAt).getTime()

  /** What was there when it began and was not tried yet: one that failed again since is another dead letter. */
  async function next(): Promise<{ items: DeadLetterItem[]; more: boolean }> {
    const { items, more } = await sources.choose()
    return { items: items.filter(({ id, at }) => !tried.has(id) && new Date(at).getTime() <= startedAt), more }
  }

  async function send(chunk: DeadLetterItem[]): Promise<void> {
    if (sources.broker() !== redrive.broker) throw new Error('the lab went over to another broker')
    for (const [group, items] of byGroup(chunk)) {
      const record = (phase: 'sending' | 'stored', ids: string[], more?: { body: string } | Unnamed): void => {
        if (ids.length > 0 || (more !== undefined && 'unnamed' in more))
          report([{ kind: 'delivery.redriven', at: now(), group, phase, ids, ...more }])
      }
      const requests = await Promise.all(items.map(sources.requestOf))
      for (const [body, ids] of idsByBody(items, requests)) {
        record('sending', ids, body === undefined ? undefined : { body })
      }
      for (const { id } of items) tried.add(id)
      const at = new Date(now()).toISOString()
      const outcomes = await sources.deadLetters().redrive(group, requests)
      const stored = items.flatMap(({ messageId }, index) => {
        if (messageId === undefined || !isStored(outcomes[index])) return []
        const body = requests[index]?.body
        return [{ messageId, group, redriveId: redrive.id, at, ...(body === undefined ? {} : { body }) }]
      })
      record(
        'stored',
        stored.map(({ messageId }) => messageId),
        unnamedOf(items, outcomes, redrive.broker),
      )
      sources.remember(stored)
      become(counted(redrive, outcomes))
    }
  }

  async function sendAll(items: DeadLetterItem[]): Promise<void> {
    const { ratePerSecond } = redrive
    const size =
      ratePerSecond === undefined ? chunkSize : Math.max(1, Math.min(chunkSize, Math.round(ratePerSecond / 4)))
    for (let from = 0; from < items.length && !signal.aborted; from += size) {
      const chunk = items.slice(from, from + size)
      const dueAt = now() + (ratePerSecond === undefined ? 0 : (chunk.length / ratePerSecond) * 1_000)
      await send(chunk)
      if (dueAt > now()) await sources.sleep(dueAt - now(), signal)
    }
  }

  /** How many of the canary failed again, once each has a fate; undefined if it was stopped meanwhile. */
  async function awaitCanary(items: DeadLetterItem[]): Promise<number | undefined> {
    become({ state: 'awaiting_canary' })
    for (;;) {
      const fates = items.map(({ messageId, group }) => sources.fate(messageId ?? '', group))
      if (!fates.includes('open')) return fates.filter((fate) => fate === 'dead_lettered').length
      if (signal.aborted) return undefined
      await sources.sleep(canaryEveryMs, signal)
    }
  }

  try {
    let batch = await next()
    become({ selected: batch.items.length })
    if (redrive.canary !== undefined) {
      // Only what has an identity can be followed.
      const canary = batch.items.filter(({ messageId }) => messageId !== undefined).slice(0, redrive.canary)
      await sendAll(canary)
      const refailed = await awaitCanary(canary)
      if (refailed === undefined) return end('stopped', 'it was stopped before the fate of the canary was known')
      become({ refailed, state: 'running' })
      if (refailed > 0)
        return end('stopped', `${refailed} of the canary failed again; the others were left where they are`)
    }
    while (!signal.aborted) {
      const rest = batch.items.filter(({ id }) => !tried.has(id))
      await sendAll(rest)
      if (!batch.more || rest.length === 0) break
      batch = await next()
      become({ selected: redrive.selected + batch.items.length })
    }
    return signal.aborted ? end('stopped', 'it was stopped') : end('done')
  } catch (error) {
    return end('failed', error instanceof Error ? error.message : String(error))
  }
}

/** Letters that went back and that telemetry has counted without a name: a consumer gave them up, and no identity of the lab names them. */
type Unnamed = { unnamed: number; broker: BrokerName }

function unnamedOf(
  items: readonly DeadLetterItem[],
  outcomes: readonly RedriveOutcome[],
  broker: BrokerName,
): Unnamed | undefined {
  const isUnnamed = ({ messageId, reason }: DeadLetterItem): boolean => messageId === undefined && reason !== undefined
  const unnamed = items.filter((item, index) => isUnnamed(item) && isStored(outcomes[index])).length
  return unnamed === 0 ? undefined : { unnamed, broker }
}

const isStored = (outcome: RedriveOutcome | undefined): boolean =>
  outcome?.state === 'redriven' || outcome?.state === 'copied'

function counted(redrive: Redrive, outcomes: readonly RedriveOutcome[]): Partial<Redrive> {
  const { redriven, copied, failed, gone } = redrive
  const counts = { redriven, copied, failed, gone }
  for (const { state } of outcomes) counts[state] += 1
  const problem = outcomes.findLast((outcome) => outcome.state === 'failed' || outcome.state === 'copied')
  return { ...counts, ...(problem && 'error' in problem ? { detail: problem.error.message } : {}) }
}

function byGroup(items: readonly DeadLetterItem[]): Map<string, DeadLetterItem[]> {
  const groups = new Map<string, DeadLetterItem[]>()
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item])
  return groups
}

/** The broker's own name of an item, with what is sent in its place. */
export const requestFor = (item: DeadLetterItem, change: Omit<RedriveRequest, 'ref'>): RedriveRequest => ({
  ref: parseDeadLetterId(item.id)?.ref ?? '',
  ...change,
})

/** Messages by the body that is sent in place of their own; undefined for those that go as they are. */
function idsByBody(
  items: readonly DeadLetterItem[],
  requests: readonly RedriveRequest[],
): Map<string | undefined, string[]> {
  const ids = new Map<string | undefined, string[]>()
  for (const [index, { messageId }] of items.entries()) {
    if (messageId === undefined) continue
    const body = requests[index]?.body
    ids.set(body, [...(ids.get(body) ?? []), messageId])
  }
  return ids
}
