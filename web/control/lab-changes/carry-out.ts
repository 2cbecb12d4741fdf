import { setTimeout as sleep } from 'node:timers/promises'
import type { LabObstacle } from '#contracts/api/lab.ts'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import { isProducer, isShared } from '#contracts/lab.ts'
import type { LabDeclaration, ServiceDeclaration } from '#contracts/lab-declaration.ts'
import type { WrittenText } from './lab-text.ts'
import type { ServiceChanges } from './service-change.ts'

/** What a change of the lab needs of the rest of the control plane. */
export interface LabHands {
  /** Events with the versions that they have in this data folder. */
  versioned(events: readonly EventTypeDefinition[]): EventTypeDefinition[]
  /** Wires the broker, stores it, and configures the workers that are up. Rejects if that is not possible; all is then as before. */
  wire(lab: LabDeclaration): Promise<void>
  /** From now on this is the lab that is declared. Rejects if the data folder cannot be written; it is declared all the same. */
  replace(lab: LabDeclaration): Promise<void>
  /** Replica counts that users chose for these services hold no more. Rejects if the data folder cannot be written. */
  forgetReplicas(services: readonly string[]): Promise<void>
  start(service: ServiceDeclaration, hopLimit: number): Promise<void>
  stop(service: string): Promise<void>
  /** Sends every sidecar its present configuration. */
  configure(): Promise<void>
  /** Workers have the present configuration: what they make from now on is compared with it. */
  announced(): Promise<void>
  /** Deletes queues of groups, and topics, of the broker that the lab runs on. */
  drop(leavings: { groups: string[]; topics: string[] }): Promise<void>
  /** Event types that still have unsettled messages. */
  unsettledTypes(): ReadonlySet<string>
  /** Topics of all types that the lab has now, those made by users included. */
  topics(): ReadonlySet<string>
  warn(message: string): void
}

export interface Change {
  before: LabDeclaration
  after: LabDeclaration
  changes: ServiceChanges
  /** Services go with what they hold. */
  force: boolean
}

/** How long a service that goes may work on what it holds, once nothing more comes, in milliseconds. */
const settleMs = 15_000
const lookEveryMs = 100

/** What a change asks of the labService on which it lies. */
export interface ChangeContext {
  /** What services still hold. Rejects if the broker cannot be asked. */
  heldBy: (services: readonly ServiceDeclaration[]) => Promise<LabObstacle[]>
  /** Wires what is declared as soon as that is possible. */
  wireLater: () => void
  /** Writes the text of the change. Rejects if the data folder cannot be written. */
  write: () => Promise<WrittenText>
}

export interface CarriedOut {
  /** Not empty: nothing was changed, since services that go still hold this. */
  left: LabObstacle[]
  /** Services that could not be started. */
  failed: { service: string; reason: string }[]
}

/**
 * Makes a change of the lab true: WIRED (what goes is owed nothing more, what comes is owed from now on) → SETTLED (what goes has finished)
 * → WRITTEN (the text is kept) → STOPPED → DECLARED → STARTED → CLEARED (queues and topics that nobody has any more are deleted).
 * Where what goes does not settle in time, everything is wired as before and `left` says what it still holds. Rejects if it cannot be
 * found out whether it has settled, where the text cannot be written, or where a service cannot be stopped; everything then runs, is kept
 * and is wired as before, at once or as soon as the broker takes it.
 */
export async function carryOut(change: Change, hands: LabHands, labService: ChangeContext): Promise<CarriedOut> {
  try {
    return await makeTrue(change, hands, labService)
  } finally {
    await hands.announced()
  }
}

async function makeTrue(
  { before, after, changes, force }: Change,
  hands: LabHands,
  { heldBy, wireLater, write }: ChangeContext,
): Promise<CarriedOut> {
  await hands.wire(after)
  const wireBack = (): Promise<void> =>
    hands.wire(before).catch((error: unknown) => {
      hands.warn(`what was to go is wired again as soon as the broker takes it: ${messageOf(error)}`)
      wireLater()
    })
  try {
    const left = force ? [] : await untilSettled(changes.removed, heldBy)
    if (left.length > 0) {
      await wireBack()
      return { left, failed: [] }
    }
    const written = await write()
    await stopAll(changes.removed, before.hopLimit, hands).catch(async (error: unknown) => {
      await written.back().catch((reason: unknown) => {
        hands.warn(`a web that starts again takes the lab for changed, which it is not: ${messageOf(reason)}`)
      })
      throw error
    })
    const known = new Map(before.services.map((service) => [service.name, service.replicas]))
    const counted = after.services.filter(({ name, replicas }) => known.get(name) !== replicas)
    await hands.forgetReplicas([...counted, ...changes.removed].map(({ name }) => name)).catch((error: unknown) => {
      hands.warn(`replica counts from before the change stay in the data folder: ${messageOf(error)}`)
    })
    // Text and lab change in one go, so that nobody reads the one without the other.
    written.take()
  } catch (error) {
    await wireBack()
    throw error
  }
  await hands.replace(after)
  // A service that leaves the process that it shared is ended there before it starts in one of its own.
  if (before.services.some(isShared)) await hands.configure()
  const failed: { service: string; reason: string }[] = []
  await Promise.all(
    [...changes.restarted, ...changes.added].map((service) =>
      hands.start(service, after.hopLimit).catch((error: unknown) => {
        failed.push({ service: service.name, reason: messageOf(error) })
      }),
    ),
  )
  await hands.configure()
  // The lab has changed by now: what cannot be cleared away is no reason to say that it has not.
  await clear({ before, after, changes }, hands, heldBy).catch((error: unknown) => {
    hands.warn(`queues and topics that nobody needs any more stay in the broker: ${messageOf(error)}`)
  })
  return { left: [], failed }
}

/** Stops all of them, or rejects with those that were stopped running again. */
async function stopAll(services: readonly ServiceDeclaration[], hopLimit: number, hands: LabHands): Promise<void> {
  const ends = await Promise.allSettled(services.map(({ name }) => hands.stop(name)))
  const refused = ends.find((end) => end.status === 'rejected')
  if (refused === undefined) return
  const stopped = services.filter((_, at) => ends[at]?.status === 'fulfilled')
  await Promise.all(
    stopped.map((service) =>
      hands.start(service, hopLimit).catch((error: unknown) => {
        hands.warn(`${service.name} stays in the lab and could not be started again: ${messageOf(error)}`)
      }),
    ),
  )
  throw refused.reason
}

async function untilSettled(
  removed: readonly ServiceDeclaration[],
  heldBy: ChangeContext['heldBy'],
): Promise<LabObstacle[]> {
  const end = Date.now() + settleMs
  for (;;) {
    const held = removed.length === 0 ? [] : await heldBy(removed)
    if (held.length === 0 || Date.now() >= end) return held
    await sleep(lookEveryMs)
  }
}

/** Deletes what is left and empty. What still holds messages stays where it is. Rejects if the broker refuses; everything stays then. */
async function clear(
  { before, after, changes }: Omit<Change, 'force'>,
  hands: LabHands,
  heldBy: ChangeContext['heldBy'],
): Promise<void> {
  const lost = after.services.filter(
    (service) => isProducer(service) && before.services.some((old) => old.name === service.name && !isProducer(old)),
  )
  const gone = [...changes.removed.filter((service) => !isProducer(service)), ...lost]
  const holding = new Set((await heldBy(gone)).map(({ service }) => service))
  const groups = gone.map(({ name }) => name).filter((name) => !holding.has(name))
  const unsettled = hands.unsettledTypes()
  const topics = before.events
    .filter(({ name, topic }) => !hands.topics().has(topic) && !unsettled.has(name))
    .map(({ topic }) => topic)
  if (groups.length + topics.length === 0) return
  await hands.drop({ groups, topics: [...new Set(topics)] })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
