import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { CurrentBroker } from '../broker/current-broker.ts'
import { createDeadLetterDesk, type DeadLetterDesk } from './dead-letter-desk.ts'
import { fateOf } from './message-fate.ts'
import { openRedrives, type RedriveSources, type Redrives } from './redrives.ts'

interface DeadLetterSources
  extends Pick<RedriveSources, 'path' | 'history' | 'gate' | 'eventType' | 'validator' | 'report' | 'journey' | 'log'> {
  consumers: () => readonly ConsumerDeclaration[]
  broker: Pick<CurrentBroker, 'name' | 'deadLetters'>
}

/** The dead letters of the broker of now: to be looked at and to be sent back. */
export async function openDeadLetters(
  sources: DeadLetterSources,
): Promise<{ desk: DeadLetterDesk; redrives: Redrives }> {
  const { consumers, broker, journey, ...others } = sources
  const groups = (): string[] => consumers().map(({ name }) => name)
  const shared = { broker: broker.name, deadLetters: broker.deadLetters, groups }
  const desk = createDeadLetterDesk(shared)
  const redrives = await openRedrives({
    ...{ ...others, ...shared, desk, journey },
    fate: (id, group) => fateOf(journey(id), group),
    isIdempotent: (group) => consumers().some(({ name, idempotent }) => name === group && idempotent),
  })
  return { desk, redrives }
}
