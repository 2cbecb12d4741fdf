import { z } from 'zod'
import { defaultRetryPolicy, type Subscription, subscription } from '#contracts/brokers/retry-policy.ts'
import { type EventTypeDefinition, eventTypeDefinition } from '#contracts/events/event-type.ts'
import { consumersIn } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import type { WorkerConfig } from '#contracts/protocols/worker.ts'
import type { Wiring } from '#workers/broker/broker.ts'

/** What the lab is declared to be: event types, and what each consumer takes. A value; a change makes a new one. */
export const declaredLab = z.object({ eventTypes: z.array(eventTypeDefinition), subscriptions: z.array(subscription) })
export type DeclaredLab = z.infer<typeof declaredLab>

/** The lab without anything stored: event types and subscriptions as in the lab file. */
export function initialLab(declaration: LabDeclaration): DeclaredLab {
  return {
    eventTypes: [...declaration.events],
    subscriptions: consumersIn(declaration).map(({ name, receives, retry }) => ({
      consumer: name,
      eventTypes: [...receives],
      retryPolicy: { ...defaultRetryPolicy, ...defined(retry ?? {}) },
      retryPolicyByType: {},
    })),
  }
}

/** What the lab file says of a subscription. What a user changed of one holds while this stays as it is. */
export const asDeclared = ({ consumer, eventTypes, retryPolicy }: Subscription): string =>
  JSON.stringify([consumer, eventTypes, retryPolicy])

/**
 * The initial lab with what is stored laid over it. Stored subscriptions of consumers that are no longer declared and
 * types that no longer exist are left out, and so are types of another lab file; a stored type with the name of a declared one gives way
 * to it. Subscriptions of `outdated` consumers are as declared.
 */
export function withStored(
  initial: DeclaredLab,
  stored: DeclaredLab,
  outdated: ReadonlySet<string> = new Set(),
): DeclaredLab {
  const declared = new Set(initial.eventTypes.map(({ name }) => name))
  const made = stored.eventTypes.filter(({ name, inLabFile }) => !inLabFile && !declared.has(name))
  const eventTypes = [...initial.eventTypes, ...made]
  const names = new Set(eventTypes.map(({ name }) => name))
  return {
    eventTypes,
    subscriptions: initial.subscriptions.map((declared) => {
      const isKept = !outdated.has(declared.consumer)
      const found = isKept && stored.subscriptions.find(({ consumer }) => consumer === declared.consumer)
      return found ? { ...found, eventTypes: found.eventTypes.filter((type) => names.has(type)) } : declared
    }),
  }
}

export const eventTypeOf = (lab: DeclaredLab, name: string): EventTypeDefinition | undefined =>
  lab.eventTypes.find((type) => type.name === name)

export const consumersOf = (lab: DeclaredLab, type: string): string[] =>
  lab.subscriptions.filter(({ eventTypes }) => eventTypes.includes(type)).map(({ consumer }) => consumer)

/** Adds or replaces a type; `consumers` are those that take it from now on. */
export function withEventType(lab: DeclaredLab, type: EventTypeDefinition, consumers: readonly string[]): DeclaredLab {
  const known = lab.eventTypes.some(({ name }) => name === type.name)
  return {
    eventTypes: known
      ? lab.eventTypes.map((other) => (other.name === type.name ? type : other))
      : [...lab.eventTypes, type],
    subscriptions: lab.subscriptions.map((entry) => take(entry, type.name, consumers.includes(entry.consumer))),
  }
}

export function withoutEventType(lab: DeclaredLab, name: string): DeclaredLab {
  return {
    eventTypes: lab.eventTypes.filter((type) => type.name !== name),
    subscriptions: lab.subscriptions.map((entry) => take(entry, name, false)),
  }
}

export function withSubscription(lab: DeclaredLab, changed: Subscription): DeclaredLab {
  return {
    ...lab,
    subscriptions: lab.subscriptions.map((entry) => (entry.consumer === changed.consumer ? changed : entry)),
  }
}

/** Without the fields that are present and undefined, which would otherwise hide what holds. */
export const defined = <T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>
  }

/** Keeps the object if nothing changes, so that changed subscriptions are known by identity. */
function take(entry: Subscription, type: string, subscribesTo: boolean): Subscription {
  if (entry.eventTypes.includes(type) === subscribesTo) return entry
  const eventTypes = subscribesTo ? [...entry.eventTypes, type] : entry.eventTypes.filter((other) => other !== type)
  return { ...entry, eventTypes }
}

/** What the broker has to make of it. */
export function wiringOf(lab: DeclaredLab): Wiring {
  const topicOf = new Map(lab.eventTypes.map(({ name, topic }) => [name, topic]))
  const typesOf = new Map<string, string[]>()
  for (const { name, topic } of lab.eventTypes) typesOf.set(topic, [...(typesOf.get(topic) ?? []), name])
  return {
    topics: [...typesOf].map(([topic, types]) => ({ topic, types })),
    groups: lab.subscriptions.map(({ consumer, eventTypes }) => ({
      group: consumer,
      types: eventTypes,
      topics: [...new Set(eventTypes.flatMap((type) => topicOf.get(type) ?? []))],
    })),
  }
}

export const configOf = (lab: DeclaredLab, revision: number): WorkerConfig => ({ revision, ...lab })
