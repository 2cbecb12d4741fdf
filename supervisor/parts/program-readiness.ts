import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type ServiceStatus, serviceStatus } from '#contracts/api/live.ts'
import type { ReplicaStatus } from '#contracts/protocols/agent.ts'

/** A program of the lab, by the service that it is. */
export interface ExpectedProgram {
  service: string
  /** Replicas that the lab file asks for; what a user asked for since counts more. */
  replicas: number
  /** Milliseconds that each of its starts has. */
  readyWithinMs: number
}

export interface ProgramReadinessOptions {
  programs: readonly ExpectedProgram[]
  /** What the control plane says of all services; rejects while it does not answer. */
  look: () => Promise<readonly ServiceStatus[]>
  /** Ends the wait without a problem. */
  stopping: () => boolean
  /** Milliseconds that processes have beside the times of their programs. Default: 15 s. */
  marginMs?: number
}

const marginMs = 15_000
const lookEveryMs = 200
/** Starts that failed, after which a program is named at once: the next one will hardly be better. */
const failedStarts = 3

const list = z.object({ items: z.array(serviceStatus) })

/**
 * Waits until every replica of every program is ready. Resolves with a sentence for each one that is not, its state and reason in it:
 * after the longest time that a program of them has and `marginMs`, or as soon as all that are missing have failed three times.
 */
export async function untilProgramsReady(options: ProgramReadinessOptions): Promise<string[]> {
  const { programs, look, stopping } = options
  const longest = Math.max(0, ...programs.map(({ readyWithinMs }) => readyWithinMs))
  const reasons = new Map<string, string>()
  for (const end = Date.now() + longest + (options.marginMs ?? marginMs); ; await sleep(lookEveryMs)) {
    if (stopping()) return []
    const services = new Map((await look().catch(() => [])).map((service) => [service.name, service]))
    const missing = programs.flatMap((program) => missingOf(program, services.get(program.service), reasons))
    if (missing.length === 0) return []
    if (Date.now() > end || missing.every(({ failed }) => failed)) return missing.map(({ words }) => words)
  }
}

/** Asks a control plane. Rejects if it does not answer within two seconds, or with something else. */
export async function servicesOf(url: string, token: string | undefined): Promise<ServiceStatus[]> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}/api/services`, { headers, signal: AbortSignal.timeout(2_000) })
  return list.parse(await answer.json()).items
}

interface Missing {
  words: string
  failed: boolean
}

function missingOf(
  { service, replicas }: ExpectedProgram,
  status: ServiceStatus | undefined,
  reasons: Map<string, string>,
): Missing[] {
  if (status?.connected !== true) return [{ words: `${service}: its sidecar is not connected`, failed: false }]
  if (status.problem !== undefined) return [{ words: `${service}: ${status.problem}`, failed: false }]
  const missing = status.replicas.filter(({ state }) => state !== 'up')
  const absent = Math.max(0, (status.wanted ?? replicas) - status.replicas.length)
  return [
    ...missing.map((replica) => inWords(replica, reasons)),
    ...(absent > 0 ? [{ words: `${service}: ${absent} of its replicas were not started yet`, failed: false }] : []),
  ]
}

/** A replica that starts again does not report the end before it: the reason is kept from its report. */
function inWords(replica: ReplicaStatus, reasons: Map<string, string>): Missing {
  const { instance, state, detail, restarts, nextStartAt } = replica
  if (state === 'backoff' && detail !== undefined) reasons.set(instance, detail)
  const last = reasons.get(instance)
  const failed = restarts >= failedStarts
  const starts = `${restarts} ${restarts === 1 ? 'start' : 'starts'} failed`
  if (nextStartAt !== undefined) {
    const until = new Date(nextStartAt).toTimeString().slice(0, 8)
    return { words: `${instance} waits until ${until} for its next start, ${starts}: ${last ?? state}`, failed }
  }
  const now = `${instance} is ${state === 'waiting-for-broker' ? 'waiting for the broker' : state}`
  if (last !== undefined) return { words: `${now} again, ${starts}: ${last}`, failed }
  return { words: detail === undefined ? now : `${now}: ${detail}`, failed }
}
