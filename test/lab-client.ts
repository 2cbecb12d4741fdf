import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { burst } from '#contracts/api/burst.ts'
import { type MessageRow, messageRow } from '#contracts/api/journey.ts'
import { until } from './until.ts'

/** What a lab answers at an address, as `schema` has it. */
export const readJson = async <Schema extends z.ZodType>(url: string, schema: Schema): Promise<z.output<Schema>> =>
  schema.parse(await (await fetch(url)).json())

/** Sends JSON and gives the answer, whatever it is. */
export const sendJson = (url: string, body: unknown, method = 'POST'): Promise<Response> =>
  fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

export interface BurstRequest {
  type: string
  count?: number
  durationMs?: number
  ratePerSecond: number
}

/** Starts a burst; its id. */
export async function startBurst(url: string, request: BurstRequest): Promise<string> {
  const answer = await sendJson(`${url}/api/bursts`, request)
  if (answer.status !== 202) throw new Error(`a burst was answered with ${answer.status}: ${await answer.text()}`)
  const { id } = (await answer.json()) as { id: string }
  return id
}

export const burstNow = async (url: string, id: string) =>
  burst.parse(await (await fetch(`${url}/api/bursts/${id}`)).json())

/** The figures of a burst that has ended. */
export const burstEnd = (url: string, id: string, withinMs: number) =>
  until(
    `the end of ${id}`,
    async () => {
      const now = await burstNow(url, id)
      return now.state === 'running' ? undefined : now
    },
    withinMs,
  )

/** Every message of a burst, page by page. */
export async function messagesOf(url: string, burstId: string): Promise<MessageRow[]> {
  const rows: MessageRow[] = []
  for (let cursor: string | undefined; ; ) {
    const query = new URLSearchParams({ burst: burstId, limit: '500', ...(cursor === undefined ? {} : { cursor }) })
    const page = (await (await fetch(`${url}/api/messages?${query}`)).json()) as {
      items: unknown[]
      nextCursor?: string
    }
    rows.push(...page.items.map((item) => messageRow.parse(item)))
    if (page.nextCursor === undefined) return rows
    cursor = page.nextCursor
  }
}

/** Environment of a running process, as Linux reports it: the addresses that the supervisor chose. */
export function environmentOf(pid: number): Record<string, string> {
  const text = readFileSync(`/proc/${pid}/environ`, 'utf8')
  return Object.fromEntries(
    text
      .split('\0')
      .filter(Boolean)
      .map((entry) => entry.split(/=(.*)/s).slice(0, 2)),
  )
}
