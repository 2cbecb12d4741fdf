import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { type Subscription, subscription } from '#contracts/brokers/retry-policy.ts'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
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

/** What a rollback did, and what it could not take back, in sentences for a person. */
export interface Restored {
  done: string[]
  left: string[]
}

/** Brings the lab back to its broker. */
async function switchBack(lab: RunLab, { broker }: Undo): Promise<Restored> {
  if (broker === undefined || lab.broker() === broker) return { done: [], left: [] }
  try {
    const waited = await lab.switchTo(broker, { abandon: false, timeoutMs: switchBackMs }).catch(() => undefined)
    const found = waited ?? (await lab.switchTo(broker, { abandon: true, timeoutMs: switchTimeoutMs }))
    return { done: [switchInWords(broker, found)], left: [] }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { done: [], left: [`the lab could not be brought back to ${broker}, and runs on ${lab.broker()}: ${why}`] }
  }
}

/**
 * Makes the broker, policies, subscriptions, replicas and event types what they were. The broker comes first: retry modes are those of the
 * broker of now.
 */
async function restoreLab(lab: RunLab, undo: Undo): Promise<Restored> {
  const { done, left } = await switchBack(lab, undo)
  const attempt = async (what: string, work: () => Promise<unknown>, did: string): Promise<void> => {
    for (let turn = 1; ; turn += 1) {
      try {
        await work()
        done.push(did)
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
    const { consumer } = before
    const restore = () => lab.subscriptions.change(consumer, changeTo(before, now))
    await attempt(`the subscription of ${consumer}`, restore, `gave ${consumer} its former subscription and policy`)
  }
  for (const [name, replicas] of Object.entries(undo.replicas)) {
    if (lab.services.list().find((service) => service.name === name)?.wanted === replicas) continue
    const scale = () => lab.services.scale(name, replicas)
    await attempt(`the number of replicas of ${name}`, scale, `scaled ${name} back to ${replicas}`)
  }
  for (const name of undo.eventTypes) {
    const what = `the event type ${name}`
    if (lab.eventType(name) !== undefined) await attempt(what, () => lab.eventTypes.remove(name), `removed ${what}`)
  }
  return { done, left }
}

/** Takes back all that a run did to the lab, its faults first. */
export async function takeBack(lab: RunLab, undo: Undo): Promise<Restored> {
  const unhealed = await healFaults(lab, undo)
  const { done, left } = await restoreLab(lab, undo)
  return { done, left: [...unhealed, ...left] }
}

/** Lines of the journal that say how a rollback went, at `t` milliseconds of its run. */
export const rollbackLines = ({ done, left }: Restored, t: number): JournalLine[] => [
  ...(done.length === 0 ? [] : [{ kind: 'step' as const, t, id: 'rollback', detail: done.join('; '), failed: false }]),
  ...left.map((text) => ({ kind: 'note' as const, t, text })),
]

function changeTo(before: Subscription, now: Subscription): Parameters<RunLab['subscriptions']['change']>[1] {
  const gone = Object.keys(now.retryPolicyByType).filter((type) => !(type in before.retryPolicyByType))
  return {
    eventTypes: before.eventTypes,
    retryPolicy: before.retryPolicy,
    retryPolicyByType: { ...before.retryPolicyByType, ...Object.fromEntries(gone.map((type) => [type, null])) },
  }
}
