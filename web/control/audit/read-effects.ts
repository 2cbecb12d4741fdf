import type { MailDestination } from '#contracts/api/outbox.ts'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { EffectReader } from './effect-reader.ts'
import type { Findings } from './findings.ts'
import { SeenEffects } from './seen-effects.ts'

export interface EffectSources {
  consumers: () => readonly ConsumerDeclaration[]
  effects: EffectReader
  mailDestination: MailDestination
}

/** Consumers whose effects can be distinguished and read. */
export function readableConsumers(
  consumers: readonly ConsumerDeclaration[],
  mailDestination: MailDestination,
): ConsumerDeclaration[] {
  const mailers = consumers.filter(({ effect }) => effect?.kind === 'email')
  const isMailReadable = mailDestination.kind === 'mailbox' && mailers.length === 1
  return consumers.filter(({ effect }) => effect !== undefined && (effect.kind === 'row' || isMailReadable))
}

/** What the effect store holds, by consumer. A store that cannot be read is no witness, and that is a finding. */
export async function readEffects(
  { consumers: declared, effects, mailDestination }: EffectSources,
  ledger: Ledger,
  findings: Findings,
): Promise<Map<string, SeenEffects>> {
  const seen = new Map<string, SeenEffects>()
  const consumers = declared()
  const mailers = consumers.filter(({ effect }) => effect?.kind === 'email')
  const writers = consumers.filter(({ effect }) => effect?.kind === 'row')
  const absent = (group: string | undefined, detail: string): void =>
    findings.add({ kind: 'witness_absent', weight: 'doubt', ...(group === undefined ? {} : { group }), detail })

  async function read(group: string, kind: 'row' | 'email'): Promise<void> {
    const those = new SeenEffects(ledger)
    for await (const ids of kind === 'row' ? effects.rows(group) : effects.mails()) {
      for (const id of ids) those.add(id)
    }
    if (kind === 'row') {
      const detail = `the inbox of ${group} names a row that is not there`
      for (const id of await effects.missingRows(group)) {
        if (ledger.find(id)) findings.add({ kind: 'row_missing', weight: 'fail', id, group, detail })
      }
    }
    seen.set(group, those)
  }

  for (const { name: group, effect } of consumers) {
    if (!effect) continue
    if (effect.kind === 'email' && mailDestination.kind !== 'mailbox') {
      absent(group, `mails of ${group} go to ${mailDestination.server}, which the lab cannot read`)
    } else if (effect.kind === 'email' && mailers.length > 1) {
      absent(group, `mails do not say which of ${mailers.length} consumers sent them`)
    } else {
      await read(group, effect.kind).catch((error: unknown) =>
        absent(group, `the effect store does not answer: ${reasonOf(error)}`),
      )
    }
  }
  if (writers.some(({ name }) => seen.has(name))) {
    // Which of several writers left it, nothing says.
    const group = writers.length === 1 ? writers[0]?.name : undefined
    const stray = {
      kind: 'row_without_inbox',
      weight: 'fail',
      detail: 'a row exists without its line in the inbox',
    } as const
    await effects.strayRows().then(
      (ids) => {
        for (const id of ids) {
          if (ledger.find(id)) findings.add({ ...stray, ...(group === undefined ? {} : { group }), id })
        }
      },
      (error: unknown) => absent(group, `the effect store does not answer: ${reasonOf(error)}`),
    )
  }
  return seen
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)
