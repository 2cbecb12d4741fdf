import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { arrivalTimes } from '#contracts/scenario/arrivals.ts'
import { seedOf } from '#contracts/scenario/plan.ts'
import type { PhaseFile, ScenarioFile } from '#contracts/scenario/scenario-file.ts'
import { type MadeMessage, messageMaker } from './message-maker.ts'
import { randomOf } from './random.ts'

export interface Arrival {
  /** When it is due, in milliseconds into the phase. */
  dueMs: number
  type: string
  /** Undefined if the lab has no such event type at that moment. */
  message: { type: EventTypeDefinition; made: MadeMessage } | undefined
}

/**
 * The messages of a phase in their order. Times, types and contents each have numbers of their own, so that a change to one leaves the
 * others as they are; all follow from the seed.
 */
export function* phaseStream(options: {
  file: Pick<ScenarioFile, 'events'>
  phase: PhaseFile
  seed: number
  /** Number of the first message in the run. */
  firstIndex: number
  eventType: (name: string) => EventTypeDefinition | undefined
}): Generator<Arrival> {
  const { file, phase, seed, firstIndex } = options
  const times = arrivalTimes(phase, randomOf(seedOf(seed, `arrivals ${phase.name}`)))
  const nextType = typeDraw(phase, randomOf(seedOf(seed, `types ${phase.name}`)))
  const makers = new Map<string, { version: number; make: (index: number) => MadeMessage }>()
  let index = firstIndex
  for (const dueMs of times) {
    const name = nextType()
    const type = options.eventType(name)
    if (!type) {
      index += 1
      yield { dueMs, type: name, message: undefined }
      continue
    }
    let maker = makers.get(name)
    if (maker?.version !== type.version) {
      const { data, keys } = {
        ...file.events[name],
        ...(phase.data ? { data: phase.data } : {}),
        ...(phase.keys ? { keys: phase.keys } : {}),
      }
      maker = {
        version: type.version,
        make: messageMaker({ type, data, keys, seed: seedOf(seed, `messages ${phase.name} ${name}`) }),
      }
      makers.set(name, maker)
    }
    yield { dueMs, type: name, message: { type, made: maker.make(index) } }
    index += 1
  }
}

function typeDraw({ type, types }: PhaseFile, random: () => number): () => string {
  const weighted = Object.entries(types ?? {})
  const [only] = weighted
  if (type !== undefined) return () => type
  if (weighted.length <= 1) return () => only?.[0] ?? ''
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0)
  return () => {
    let left = random() * total
    for (const [name, weight] of weighted) {
      left -= weight
      if (left < 0) return name
    }
    return weighted.at(-1)?.[0] ?? ''
  }
}
