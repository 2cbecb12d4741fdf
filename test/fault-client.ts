import type { EventLogEntry } from '#contracts/api/event-log.ts'
import type { Journey } from '#contracts/api/journey.ts'
import type { ServiceStatus } from '#contracts/api/live.ts'
import type { OutboxEmail, OutboxRow } from '#contracts/api/outbox.ts'
import type { Fault, FaultCatalogueItem, FaultInput } from '#contracts/faults/fault.ts'
import { until } from './until.ts'

/** An answer of the API. */
export interface Answer<Body> {
  status: number
  body: Body
}

/** What `POST /event` answers: acknowledged, or the problem with the id where one is known. */
export interface Published {
  id?: string
  state?: string
  code?: string
  ackMs?: number
}

/** The API of a lab, as tests of faults use it. */
export function faultClient(url: string) {
  async function call<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }
  const get = async <Body>(path: string): Promise<Body> => (await call<Body>('GET', path)).body
  const fault = (id: string): Promise<Fault> => get<Fault>(`/api/faults/${id}`)
  const journey = (id: string): Promise<Journey> => get<Journey>(`/api/messages/${encodeURIComponent(id)}`)
  const publish = (type = 'user_signup', data: unknown = { email: 'ada@example.com' }): Promise<Answer<Published>> =>
    call<Published>('POST', '/event', { type, data })
  const rows = (id: string) =>
    get<{ items: OutboxRow[]; total: number }>(`/api/outbox/rows?messageId=${encodeURIComponent(id)}`)
  const emails = (id: string) =>
    get<{ items: OutboxEmail[]; total: number }>(`/api/outbox/emails?messageId=${encodeURIComponent(id)}`)

  return {
    ...{ call, get, fault, journey, publish, rows, emails },
    catalogue: async () => (await get<{ items: FaultCatalogueItem[] }>('/api/faults/catalogue')).items,
    faults: async () => (await get<{ items: Fault[] }>('/api/faults')).items,
    events: async () => (await get<{ items: EventLogEntry[] }>('/api/event-log?limit=500')).items,
    services: async () => (await get<{ items: ServiceStatus[] }>('/api/services')).items,
    inject: (input: FaultInput) => call<Fault>('POST', '/api/faults', input),
    heal: (id: string) => call<Fault>('DELETE', `/api/faults/${id}`),
    healAll: () => call<{ items: Fault[] }>('DELETE', '/api/faults'),
    /** Resolves with the fault when it was seen to take effect. */
    observed: (id: string) =>
      until(`the effect of ${id}`, async () => {
        const now = await fault(id)
        if (now.state === 'failed') throw new Error(now.reason)
        return now.observedAt === undefined ? undefined : now
      }),
    healed: (id: string) =>
      until(`the end of ${id}`, async () => {
        const now = await fault(id)
        return now.state === 'healed' ? now : undefined
      }),
    /** Publishes until one is acknowledged, and waits for its row and its mail. */
    works: async () => {
      const id = await until('a publish that is acknowledged', async () => {
        const { status, body } = await publish()
        return status === 202 ? body.id : undefined
      })
      await until(
        `the effects of ${id}`,
        async () => (await rows(id)).total === 1 && (await emails(id)).total >= 1,
        90_000,
      )
    },
  }
}
export type FaultClient = ReturnType<typeof faultClient>
