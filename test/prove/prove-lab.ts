import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redrive } from '#contracts/api/dead-letter.ts'
import type { GroupFigures, LedgerReport } from '#contracts/api/ledger.ts'
import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import { type DefectName, type Harm, harm } from '#contracts/defects.ts'
import type { FaultInput } from '#contracts/faults/fault.ts'
import { type FaultClient, faultClient } from '../fault-client.ts'
import { startLab } from '../lab.ts'
import { until } from '../until.ts'
import { areCalm, lastChange, quietMs } from './calm-groups.ts'

/** What an audit adds, as far as a proof reads it. */
export interface Audit {
  anomalies: LedgerReport['anomalies']
  verdict: LedgerReport['verdict']
  disagreements: { kind: string; group?: string; samples: string[] }[]
}

/** A lab that is being tried: the API, the ledger as it is read over and over, and what a defect says that it did. */
export interface ProveLab extends FaultClient {
  broker: BrokerName
  /** Publishes orders one after the other; their ids. Throws if one is not acknowledged. */
  orders(count: number): Promise<string[]>
  ledger(): Promise<LedgerReport>
  /** The audit's answer; undefined if this version of the lab has none. */
  audit(): Promise<Audit | undefined>
  /** Resolves when a group's figures, all topics together, are as `holds` says. */
  group(name: string, what: string, holds: (figures: Figures) => boolean): Promise<void>
  /** Injects, and resolves with its id when it is in effect. Throws if it is refused. */
  begin(input: FaultInput): Promise<string>
  /** Heals, and resolves when it is healed. */
  end(id: string): Promise<void>
  policy(consumer: string, retryPolicy: Record<string, unknown>): Promise<void>
  redrive(group: string): Promise<void>
  /** Resolves when the members of each group read by one assignment; at once where the broker has no partitions. */
  calm(): Promise<void>
  /** Resolves when so many replicas run, and no others. */
  scale(service: string, replicas: number): Promise<void>
  /** What the defect wrote so far. */
  harms(): Harm[]
  /** What the lab printed. */
  output(): string
  stop(): Promise<void>
}

export type Figures = Omit<GroupFigures, 'topic' | 'group'>

const none: Figures = { owed: 0, waiting: 0, handling: 0, retrying: 0, delivered: 0, dead_lettered: 0, lost: 0 }

/** Starts a lab of its own, the built-in one unless a file is named; with a defect planted where one is named. */
export async function startProveLab(
  broker: BrokerName,
  { defect, file }: { defect?: DefectName; file?: string | undefined } = {},
): Promise<ProveLab> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-prove-'))
  const log = join(folder, 'harm.jsonl')
  const planted = { FAULTLINE_DEFECT: defect ?? '', FAULTLINE_DEFECT_ALLOWED: '1', FAULTLINE_DEFECT_LOG: log }
  const lab = await startLab({
    BROKER: broker,
    ...(file === undefined ? {} : { FAULTLINE_LAB: file }),
    ...(defect === undefined ? {} : planted),
  })
  const client = faultClient(lab.url)
  const calm = async (): Promise<void> => {
    if (!brokerOf(broker).partitioned) return
    await until('groups that have shared out their partitions', async () => {
      const [events, services] = await Promise.all([client.events(), client.services()])
      return areCalm(events, services) && Date.now() - lastChange(events) > quietMs
    })
  }
  await calm()
  const ledger = () => client.get<LedgerReport>('/api/ledger')
  const taken = <Body>(what: string, { status, body }: { status: number; body: Body }): Body => {
    if (status >= 300) throw new Error(`${what} was answered with ${status}: ${JSON.stringify(body)}`)
    return body
  }
  return {
    ...client,
    ...{ broker, ledger, calm, output: lab.output },
    async orders(count) {
      const ids: string[] = []
      for (let index = 0; index < count; index += 1) {
        const { id } = taken('a publish', await client.publish('order_placed', order()))
        ids.push(id ?? '')
      }
      return ids
    },
    async audit() {
      const { status, body } = await client.call<Audit>('POST', '/api/ledger/audit', { timeoutMs: 60_000 })
      return status === 404 ? undefined : taken('the audit', { status, body })
    },
    async group(name, what, holds) {
      await until(`${name}: ${what}`, async () => holds(figuresOf(await ledger(), name)))
    },
    async begin(input) {
      return taken(`the fault ${input.type}`, await client.inject(input)).id
    },
    async end(id) {
      await client.heal(id)
      await client.healed(id)
    },
    async policy(consumer, retryPolicy) {
      taken('a retry policy', await client.call('PUT', `/api/subscriptions/${consumer}`, { retryPolicy }))
    },
    async redrive(group) {
      const { id } = taken('a redrive', await client.call<Redrive>('POST', '/api/dead-letters/redrive', { group }))
      await until('the end of the redrive', async () => {
        const { state, detail } = await client.get<Redrive>(`/api/dead-letters/redrives/${id}`)
        if (state === 'failed' || state === 'stopped') throw new Error(detail)
        return state === 'done'
      })
    },
    async scale(service, replicas) {
      taken('a scaling', await client.call('PUT', `/api/services/${service}`, { replicas }))
      await until(`${replicas} replicas of ${service}`, async () => {
        const running = (await client.services()).find(({ name }) => name === service)?.replicas ?? []
        return running.length === replicas && running.every(({ state }) => state === 'up')
      })
      await calm()
    },
    harms: () => readHarms(log),
    async stop() {
      await lab.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const order = () => ({
  orderId: randomUUID(),
  email: `${randomUUID().slice(0, 8)}@example.com`,
  items: [
    { sku: 'KB-87', qty: 1, price: 119 },
    { sku: 'CB-02', qty: 2, price: 9 },
  ],
  total: 137,
})

export function figuresOf({ groups }: Pick<LedgerReport, 'groups'>, name: string): Figures {
  const sum = { ...none }
  for (const { topic: _, group, ...figures } of groups) {
    if (group !== name) continue
    for (const key of Object.keys(sum) as (keyof Figures)[]) sum[key] += figures[key]
  }
  return sum
}

function readHarms(file: string): Harm[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n')
    // The last line may be half written.
    return lines.slice(0, -1).map((line) => harm.parse(JSON.parse(line)))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
