import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type AuditReport, auditReport } from '#contracts/api/audit.ts'
import { deadLetterList } from '#contracts/api/dead-letter.ts'
import { serviceStatus } from '#contracts/api/live.ts'
import { faultClient } from '../fault-client.ts'
import { burstNow, messagesOf } from '../lab-client.ts'
import { until } from '../until.ts'
import { type Effects, effectsOf } from './effects.ts'
import type { Stack } from './stack.ts'

/** How long effects of a redrive are waited for. */
const redriveMs = 60_000
const services = z.object({ items: z.array(serviceStatus.pick({ name: true, replicas: true })) })

/** Waits until web says that an event can be published and that every consumer is there too. */
export const ready = (stack: Stack, withinMs = 180_000): Promise<unknown> =>
  until(
    'a ready lab',
    async () => {
      const answer = await fetch(`${stack.url}/readyz`)
      const { parts } = (await answer.json()) as { parts: { ready: boolean }[] }
      return answer.ok && parts.every((part) => part.ready)
    },
    withinMs,
  )

/** Process of a replica, as numbered inside its container. */
export async function workerPid(stack: Stack, instance: string): Promise<number> {
  return until(`a process of ${instance}`, async () => {
    const { items } = services.parse(await (await fetch(`${stack.url}/api/services`)).json())
    const replica = items.flatMap(({ replicas }) => replicas).find((one) => one.instance === instance)
    return replica?.state === 'up' ? (replica.pid ?? undefined) : undefined
  })
}

/** Posts JSON; what was answered. Throws if the status is another than `status`. */
async function post(stack: Stack, path: string, body: unknown, status: number): Promise<unknown> {
  const answer = await faultClient(stack.url).call<unknown>('POST', path, body)
  if (answer.status !== status)
    throw new Error(`POST ${path} was answered with ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** `user_signup` as in the first lines of the README; the answer of the publish. */
export const publish = async (stack: Stack, email: string) =>
  (await post(stack, '/event', { type: 'user_signup', data: { email } }, 202)) as { id: string; state: string }

/**
 * Sends back what was given up while a part was away longer than its consumer's retries last: a dead letter is a message that is kept,
 * not one that is lost. Gives how many there were.
 */
async function redriven(stack: Stack): Promise<number> {
  const list = async () => deadLetterList.parse(await (await fetch(`${stack.url}/api/dead-letters?limit=1000`)).json())
  const { items } = await list()
  if (items.length === 0) return 0
  await post(stack, '/api/dead-letters/redrive', { all: true }, 202)
  await until('an end of the dead letters', async () => (await list()).items.length === 0)
  return items.length
}

/** An audit of the drained lab. It settles also what only a killed container could have reported. */
async function audited(stack: Stack, withinMs: number): Promise<AuditReport> {
  return until(
    'a drained lab',
    async () => {
      const report = auditReport.parse(await post(stack, '/api/ledger/audit', { timeoutMs: 20_000 }, 200))
      if (!report.drained) throw new Error(report.undrained.map(({ detail }) => detail).join('; '))
      return report
    },
    withinMs,
  )
}

/**
 * Waits until a burst has ended and nothing is under way, and redrives what was dead-lettered; what was accepted, and what the
 * effect store then has of it.
 */
export async function settled(stack: Stack, burst: string, withinMs = 240_000): Promise<Effects & Accepted> {
  await until('the end of the burst', async () => (await burstNow(stack.url, burst)).state !== 'running', withinMs)
  const { disagreements } = await audited(stack, withinMs)
  const rows = await messagesOf(stack.url, burst)
  const accepted = rows.filter((row) => row.publish === 'acked').map((row) => row.id)
  const deadLettered = await redriven(stack)
  let effects = await effectsOf(stack, accepted)
  // Effects of a redrive come when its consumers have handled it. What does not come is missing, and said to be.
  for (const end = Date.now() + redriveMs; deadLettered > 0 && Date.now() < end; ) {
    if (effects.missingRows + effects.missingMails === 0) break
    await sleep(500)
    effects = await effectsOf(stack, accepted)
  }
  return {
    accepted: accepted.length,
    indeterminate: rows.filter((row) => row.publish === 'indeterminate').length,
    deadLettered,
    breaches: disagreements.filter(({ weight }) => weight === 'fail').map(({ detail }) => detail),
    ...effects,
  }
}

export interface Accepted {
  /** Acknowledged by the broker: each owes one row and one mail. */
  accepted: number
  indeterminate: number
  /** Given up at first, and redriven since. */
  deadLettered: number
  /** What the audit says that proves a breach of at-least-once. */
  breaches: string[]
}
