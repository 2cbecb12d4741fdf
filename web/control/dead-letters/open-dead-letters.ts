import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { CurrentBroker } from '../broker/current-broker.ts'
import { createDeadLetterService, type DeadLetterService } from './dead-letter-service.ts'
import { createDiscards, type DiscardSources } from './discards.ts'
import { fateOf } from './message-fate.ts'
import { openRedrives, type RedriveSources, type Redrives } from './redrives.ts'

interface DeadLetterSources
  extends Pick<DiscardSources, 'book' | 'onDiscarded'>,
    Pick<RedriveSources, 'path' | 'history' | 'gate' | 'eventType' | 'validator' | 'report' | 'journey' | 'log'> {
  consumers: () => readonly ConsumerDeclaration[]
  broker: Pick<CurrentBroker, 'name' | 'deadLetters'>
}

/** The dead letters of the broker of now: to be looked at, to be sent back and to be discarded. */
export async function openDeadLetters(
  sources: DeadLetterSources,
): Promise<{ letterService: DeadLetterService; redrives: Redrives; discard: ReturnType<typeof createDiscards> }> {
  const { consumers, broker, journey, book, onDiscarded, ...others } = sources
  const groups = (): string[] => consumers().map(({ name }) => name)
  const shared = { broker: broker.name, deadLetters: broker.deadLetters, groups }
  const letterService = createDeadLetterService(shared)
  const redrives = await openRedrives({
    ...{ ...others, ...shared, letterService, journey },
    fate: (id, group) => fateOf(journey(id), group),
    isIdempotent: (group) => consumers().some(({ name, idempotent }) => name === group && idempotent),
  })
  const discard = createDiscards({ ...shared, letterService, book, onDiscarded, gate: sources.gate })
  return { letterService, redrives, discard }
}
