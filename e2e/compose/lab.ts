import { z } from 'zod'
import { serviceStatus } from '#contracts/live-protocol.ts'
import { burstNow, messagesOf } from '../../bench/lab-client.ts'
import { until } from '../../test/until.ts'
import { type Effects, effectsOf } from './effects.ts'
import type { Stack } from './stack.ts'

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

/** `user_signup` as in the first lines of the README; the answer of the publish. */
export async function publish(stack: Stack, email: string): Promise<{ id: string; state: string }> {
  const answer = await fetch(`${stack.url}/event`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'user_signup', data: { email } }),
  })
  if (answer.status !== 202) throw new Error(`the publish was answered with ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as { id: string; state: string }
}

/** Waits until a burst has ended and nothing of it is under way; what was accepted, and what the effect store has of it. */
export async function settled(stack: Stack, burst: string, withinMs = 240_000): Promise<Effects & Accepted> {
  await until('the end of the burst', async () => (await burstNow(stack.url, burst)).state !== 'running', withinMs)
  const rows = await until(
    'all of the burst settled',
    async () => {
      const messages = await messagesOf(stack.url, burst)
      const open = messages.some(
        (row) => row.publish === 'attempted' || (row.publish === 'acked' && row.settledInMs === undefined),
      )
      return open ? undefined : messages
    },
    withinMs,
  )
  const accepted = rows.filter((row) => row.publish === 'acked').map((row) => row.id)
  return {
    accepted: accepted.length,
    indeterminate: rows.filter((row) => row.publish === 'indeterminate').length,
    ...(await effectsOf(stack, accepted)),
  }
}

export interface Accepted {
  /** Acknowledged by the broker: each owes one row and one mail. */
  accepted: number
  indeterminate: number
}
