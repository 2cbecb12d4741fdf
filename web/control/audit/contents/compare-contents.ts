import type { AuditReport } from '#contracts/api/audit.ts'
import { type EventOrder, eventOrderOf } from '#contracts/effects/event-order.ts'
import type { RowTable } from '#contracts/events/event-type.ts'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import { wholeOf } from '../../journeys/packed-journey.ts'
import type { Findings } from '../findings.ts'
import type { LedgerBooks } from '../ledger-books.ts'
import { SeenEffects } from '../seen-effects.ts'
import { compareMails } from './compare-mails.ts'
import { compareRows } from './compare-rows.ts'
import type { ContentReader, DatedTemplate } from './content-reader.ts'
import { ContentVerdicts } from './content-verdicts.ts'
import { type Choice, deliveredTo, type PublishedMessage } from './published-message.ts'

export interface ContentSources {
  books: LedgerBooks
  consumers: () => readonly ConsumerDeclaration[]
  contents: ContentReader
  /** What the effects of types in the lab file look like. Absent: as the names of the types say. */
  looks?: () => ReadonlyMap<string, DeclaredLook>
  /** Whether a type was made by a user, so that it has the letter and the row of every other type. */
  isMade?: (type: string) => boolean
  now(): number
}

type Place = Pick<PublishedMessage, 'sequence' | 'seq'>

interface DeclaredLook extends DatedTemplate {
  isGeneric: boolean
  table?: RowTable | undefined
}

/** Time for all contents of one audit, in milliseconds; what it is too short for is left to the next one. */
const longestMs = 60_000
/** Of this, time for what an earlier audit has compared: it may have been changed since, and there is more of it each time. */
const longestAgainMs = 10_000
/** What a walk through the messages of a group has at least, however long the others took. */
const leastMs = 1_000

/** What a look at contents came to. */
export interface ComparedContents {
  verdicts: ContentVerdicts
  groups: AuditReport['contents']
}

export type CompareContents = (
  findings: Findings,
  groups: ReadonlySet<string>,
  signal: AbortSignal,
) => Promise<ComparedContents>

/**
 * Compares effects with their events, and remembers which it has seen, a bit a message: an event whose data is no longer kept was
 * looked at if an earlier audit did. A restart of the control plane forgets that.
 */
export function createContentComparison(sources: ContentSources): CompareContents {
  const { books, consumers, contents: reader, now } = sources
  const { ledger, traces } = books.context
  const looked = new Map<string, SeenEffects>()

  function orderOf(id: string): EventOrder | undefined {
    const found = ledger.find(id)
    const journey = found && traces.get(found.sequence, found.seq)
    if (!journey || journey.order < 0) return undefined
    return eventOrderOf({ id, time: wholeOf(journey).time })
  }

  return async (findings, groups, signal) => {
    const verdicts = new ContentVerdicts(findings, now)
    const declared = consumers()
    const time = sharedTime(now, walksOf(declared, groups))
    const compared: AuditReport['contents'] = []
    const looks = sources.looks?.() ?? new Map<string, DeclaredLook>()
    const isGeneric = (type: string): boolean => looks.get(type)?.isGeneric ?? sources.isMade?.(type) ?? false
    const templates = async () => new Map([...(await reader.templates()), ...looks])
    for (const { name: group, effect } of declared) {
      // Of a store that could not be read there is a finding already.
      if (!effect || !groups.has(group)) continue
      const seen = looked.get(group) ?? new SeenEffects(ledger)
      looked.set(group, seen)
      const note = ({ sequence, seq, event }: PublishedMessage): void => {
        if (!seen.has(sequence, seq)) seen.add(event.id)
      }
      let isCut = false
      /** First what no audit has compared, then the rest as long as there is time for it. */
      async function* messages(): AsyncGenerator<PublishedMessage[]> {
        const { until, againUntil } = time()
        const given = new SeenEffects(ledger)
        const onlyNew = ({ sequence, seq }: Place): Choice => {
          if (seen.has(sequence, seq)) return 'pass'
          if (now() <= until) return 'take'
          isCut = true
          return 'end'
        }
        const again = ({ sequence, seq }: Place): Choice => {
          if (now() > againUntil) return 'end'
          return seen.has(sequence, seq) && !given.has(sequence, seq) ? 'take' : 'pass'
        }
        for (const choose of [onlyNew, again]) {
          for await (const batch of deliveredTo(group, books, choose, signal)) {
            for (const { event } of batch) given.add(event.id)
            yield batch.flatMap((message) => {
              const { event, at } = message
              const look = looks.get(event.type)
              if (at <= (look?.since ?? 0)) return []
              return { ...message, event: { ...event, isGeneric: isGeneric(event.type), table: look?.table } }
            })
          }
        }
      }
      const shared = { group, messages, reader, verdicts, compared: note }
      const comparing =
        effect.kind === 'row'
          ? compareRows({ ...shared, orderOf })
          : compareMails({ ...shared, templates: await templates() })
      await comparing.catch((error: unknown) => {
        signal.throwIfAborted()
        const detail = `the contents of the effect store could not be read: ${error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)}`
        findings.add({ kind: 'witness_absent', weight: 'doubt', group, detail })
      })
      const delivered = deliveredBy(ledger, group)
      const notCompared = Math.max(0, delivered - seen.messages)
      const why = isCut
        ? `the time of ${longestMs / 1_000} s was over; another audit goes on with them`
        : 'their publish was never reported, the data or the template of their events is no longer kept, or their look was just changed'
      verdicts.unseen(group, notCompared, `effects of ${group} were not compared with what was published: ${why}`)
      compared.push({ group, compared: delivered - notCompared, notCompared })
    }
    return { verdicts, groups: compared }
  }
}

/** How often what was delivered is walked through: twice for rows. */
const walksOf = (consumers: readonly ConsumerDeclaration[], groups: ReadonlySet<string>): number =>
  consumers.reduce(
    (sum, { name, effect }) => sum + (!effect || !groups.has(name) ? 0 : effect.kind === 'row' ? 2 : 1),
    0,
  )

/** Gives each walk an equal share of what is left: a group with much to compare again leaves the next one its time. */
function sharedTime(now: () => number, walks: number): () => { until: number; againUntil: number } {
  const began = now()
  let left = walks
  return () => {
    const at = now()
    const share = (longest: number): number => at + Math.max(leastMs, (began + longest - at) / Math.max(1, left))
    const times = { until: share(longestMs), againUntil: share(longestAgainMs) }
    left -= 1
    return times
  }
}

function deliveredBy(ledger: LedgerBooks['context']['ledger'], group: string): number {
  let sum = 0
  for (const [, name, { delivered }] of ledger.groups.entries()) if (name === group) sum += delivered
  return sum
}
