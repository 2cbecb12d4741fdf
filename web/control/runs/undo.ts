import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { type Subscription, subscription } from '#contracts/brokers/retry-policy.ts'
import { readStateFile, writeStateFile } from '../lab/state-file.ts'
import { switchInWords, switchTimeoutMs } from './carry-out-step.ts'
import type { RunLab } from './run-lab.ts'

/** What the lab was before a run, on disk before the run changes anything: a control plane that is killed takes it back when it starts. */
const undoFile = z.object({
  id: z.string(),
  /** RFC 3339. */
  startedAt: z.string(),
  /** Of every fault that the run may inject: they know their faults by it. */
  faultSeeds: z.array(z.int()),
  subscriptions: z.array(subscription),
  replicas: z.record(z.string(), z.int()),
  /** Event types that the run makes. */
  eventTypes: z.array(z.string()),
  /** The broker that the lab ran on, if the run moves it. */
  broker: brokerName.optional(),
})
export type Undo = z.infer<typeof undoFile>

export interface UndoStore {
  save(undo: Undo): Promise<void>
  load(): Promise<Undo | undefined>
  clear(): Promise<void>
}

export const openUndoStore = (path: string): UndoStore => ({
  save: (undo) => writeStateFile(path, undo),
  load: () => readStateFile(path, undoFile),
  clear: () => rm(path, { force: true }),
})

/** Faults of the run, also those whose injection was not answered yet. */
export const faultsOf = (lab: Pick<RunLab, 'faults'>, { startedAt, faultSeeds }: Undo) =>
  lab.faults.list().filter(({ createdAt, seed }) => createdAt >= startedAt && faultSeeds.includes(seed))

const healTries = 4

/** Heals the faults of a run. Resolves with what could not be healed, for a person. */
export async function healFaults(lab: Pick<RunLab, 'faults'>, undo: Undo): Promise<string[]> {
  const open = () => faultsOf(lab, undo).filter(({ state }) => state !== 'healed' && state !== 'failed')
  for (let turn = 0; turn < healTries && open().length > 0; turn += 1) {
    await Promise.all(open().map(({ id }) => lab.faults.heal(id).catch(() => undefined)))
  }
  return open().map(
    ({ id, type, reason }) => `${type} (${id}) is not healed yet${reason === undefined ? '' : `: ${reason}`}`,
  )
}

const tries = 5
const againMs = 500

/** How long the way back to the former broker waits for what is unsettled, in milliseconds. It is left behind then. */
export const switchBackMs = 60_000

/** Brings the lab back to its broker. Resolves with what there is to say of it, for a person. */
async function switchBack(lab: RunLab, { broker }: Undo): Promise<string[]> {
  if (broker === undefined || lab.broker() === broker) return []
  try {
    const waited = await lab.switchTo(broker, { abandon: false, timeoutMs: switchBackMs }).catch(() => undefined)
    const found = waited ?? (await lab.switchTo(broker, { abandon: true, timeoutMs: switchTimeoutMs }))
    return found.abandoned === 0 ? [] : [`the rollback ${switchInWords(broker, found)}`]
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [`the lab could not be brought back to ${broker}, and runs on ${lab.broker()}: ${why}`]
  }
}

/**
 * Makes the broker, policies, subscriptions, replicas and event types what they were. Resolves with what could not be taken back. The broker
 * comes first: retry modes are those of the broker of now.
 */
export async function restoreLab(lab: RunLab, undo: Undo): Promise<string[]> {
  const left = await switchBack(lab, undo)
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    for (let turn = 1; ; turn += 1) {
      try {
        await work()
        return
      } catch (error) {
        if (turn < tries) await sleep(againMs)
        else {
          left.push(`${what} could not be taken back: ${error instanceof Error ? error.message : String(error)}`)
          return
        }
      }
    }
  }
  for (const before of undo.subscriptions) {
    const now = lab.subscriptions.list().find(({ consumer }) => consumer === before.consumer)
    if (now === undefined || JSON.stringify(now) === JSON.stringify(before)) continue
    await attempt(`the subscription of ${before.consumer}`, () =>
      lab.subscriptions.change(before.consumer, changeTo(before, now)),
    )
  }
  for (const [name, replicas] of Object.entries(undo.replicas)) {
    if (lab.services.list().find((service) => service.name === name)?.wanted === replicas) continue
    await attempt(`the number of replicas of ${name}`, () => lab.services.scale(name, replicas))
  }
  for (const name of undo.eventTypes) {
    if (lab.eventType(name) !== undefined) await attempt(`the event type ${name}`, () => lab.eventTypes.remove(name))
  }
  return left
}

function changeTo(before: Subscription, now: Subscription): Parameters<RunLab['subscriptions']['change']>[1] {
  const gone = Object.keys(now.retryPolicyByType).filter((type) => !(type in before.retryPolicyByType))
  return {
    eventTypes: before.eventTypes,
    retryPolicy: before.retryPolicy,
    retryPolicyByType: { ...before.retryPolicyByType, ...Object.fromEntries(gone.map((type) => [type, null])) },
  }
}
