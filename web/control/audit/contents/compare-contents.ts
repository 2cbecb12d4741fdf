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
import { deliveredTo, type PublishedMessage } from './published-message.ts'

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

interface DeclaredLook extends DatedTemplate {
  isGeneric: boolean
  table?: RowTable | undefined
}

/** Time for all contents of one audit, in milliseconds; what it is too short for is left to the next one. */
const longestMs = 60_000

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
    const deadline = now() + longestMs
    const compared: AuditReport['contents'] = []
    const looks = sources.looks?.() ?? new Map<string, DeclaredLook>()
    const isGeneric = (type: string): boolean => looks.get(type)?.isGeneric ?? sources.isMade?.(type) ?? false
    const templates = async () => new Map([...(await reader.templates()), ...looks])
    for (const { name: group, effect } of consumers()) {
      // Of a store that could not be read there is a finding already.
      if (!effect || !groups.has(group)) continue
      const seen = looked.get(group) ?? new SeenEffects(ledger)
      looked.set(group, seen)
      const note = ({ sequence, seq, event }: PublishedMessage): void => {
        if (!seen.has(sequence, seq)) seen.add(event.id)
      }
      let isCut = false
      async function* messages(): AsyncGenerator<PublishedMessage[]> {
        for await (const batch of deliveredTo(group, books, signal)) {
          isCut ||= now() > deadline
          if (isCut) return
          const known = batch.filter(({ event, at }) => at > (looks.get(event.type)?.since ?? 0))
          yield known.map((message) => ({
            ...message,
            event: {
              ...{ ...message.event, isGeneric: isGeneric(message.event.type) },
              table: looks.get(message.event.type)?.table,
            },
          }))
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
        : 'the data or the template of their events is no longer kept, or their look was just changed'
      verdicts.unseen(group, notCompared, `effects of ${group} were not compared with what was published: ${why}`)
      compared.push({ group, compared: delivered - notCompared, notCompared })
    }
    return { verdicts, groups: compared }
  }
}

function deliveredBy(ledger: LedgerBooks['context']['ledger'], group: string): number {
  let sum = 0
  for (const [, name, { delivered }] of ledger.groups.entries()) if (name === group) sum += delivered
  return sum
}
