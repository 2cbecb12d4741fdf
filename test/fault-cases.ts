import type { Obligation } from '#contracts/api/journey.ts'
import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { FaultInput } from '#contracts/faults/fault.ts'
import type { FaultClient, Published } from './fault-client.ts'
import { until } from './until.ts'

/** One fault, what makes it take effect, and how a user sees that it did. Everything waits for states. */
export interface FaultCase {
  name: string
  input: FaultInput
  /** Resolves when its effect was seen from outside; rejects if it was not. Called while it is in effect. */
  see: (lab: FaultClient) => Promise<void>
  /** Seen only after it was healed; `see` hands over what is to be looked at. */
  after?: (lab: FaultClient) => Promise<void>
}

const instance = (lab: FaultClient, service: string) =>
  lab.services().then((services) => services.find(({ name }) => name === service)?.replicas ?? [])
const inState = (lab: FaultClient, service: string, state: string, all = true): Promise<boolean> =>
  until(`${service} ${state}`, async () => {
    const replicas = await instance(lab, service)
    return all
      ? replicas.every((replica) => replica.state === state)
      : replicas.some((replica) => replica.state === state)
  })
/** Publishes and resolves with the id, whatever became of it. */
async function attempt(lab: FaultClient, status: number): Promise<Published & { id: string }> {
  const { status: got, body } = await lab.publish()
  if (got !== status) throw new Error(`the publish was answered with ${got} ${body.code ?? ''}, not ${status}`)
  return { ...body, id: body.id ?? '' }
}
const owed = (lab: FaultClient, id: string, group: string, holds: (obligation: Obligation) => boolean): Promise<void> =>
  until(`${group} of ${id}`, async () => {
    const found = (await lab.journey(id)).obligations.find((obligation) => obligation.group === group)
    return found && holds(found)
  }).then(() => undefined)

/** Published during one case and looked at after it. */
let later = ''
const recovered = (lab: FaultClient): Promise<void> =>
  until(`the recovery of ${later}`, async () => (await lab.journey(later)).publish.state === 'recovered').then(
    () => undefined,
  )

/** Every row of the table, on the wires that it can have. */
export const faultCases: FaultCase[] = [
  {
    name: 'process.kill',
    input: { type: 'process.kill', target: { service: 'consumer-db' }, params: { restartAfterMs: 1_500 } },
    async see(lab) {
      await inState(lab, 'consumer-db', 'killed')
    },
  },
  {
    name: 'process.shutdown',
    input: { type: 'process.shutdown', target: 'consumer-email', params: { graceMs: 5_000, restartAfterMs: 3_000 } },
    async see(lab) {
      await inState(lab, 'consumer-email', 'killed')
    },
  },
  {
    name: 'process.pause of one replica',
    input: { type: 'process.pause', target: { instance: 'consumer-db-2' } },
    async see(lab) {
      await inState(lab, 'consumer-db', 'paused', false)
      const replicas = await instance(lab, 'consumer-db')
      if (replicas.some((replica) => replica.instance === 'consumer-db-1' && replica.state === 'paused'))
        throw new Error('the other replica is paused too')
    },
  },
  {
    name: 'process.block',
    input: { type: 'process.block', target: { service: 'consumer-email' }, params: { blockMs: 900, everyMs: 1_500 } },
    async see(lab) {
      await until('the lag of the event loop', async () =>
        (await lab.services()).some(
          ({ name, gauges }) => name === 'consumer-email' && gauges.some(({ eventLoopLagMs }) => eventLoopLagMs > 400),
        ),
      )
    },
  },
  {
    name: 'handler.latency',
    input: { type: 'handler.latency', target: { service: 'consumer-db' }, params: { latencyMs: 1_200 } },
    async see(lab) {
      const { id } = await attempt(lab, 202)
      await owed(lab, id, 'consumer-db', ({ attempts }) => attempts.some(({ handlingMs = 0 }) => handlingMs >= 1_200))
    },
  },
  {
    name: 'handler.error before the effect',
    input: { type: 'handler.error', target: { eventType: 'user_signup' }, params: { errorType: 'Boom' } },
    async see(lab) {
      const { id } = await attempt(lab, 202)
      for (const group of ['consumer-db', 'consumer-email'])
        await owed(lab, id, group, ({ attempts }) => attempts.some(({ error }) => error?.type === 'Boom'))
    },
  },
  {
    name: 'handler.error after the effect',
    input: { type: 'handler.error', target: { service: 'consumer-db' }, params: { errorType: 'Late', stage: 'after' } },
    async see(lab) {
      const { id } = await attempt(lab, 202)
      await owed(lab, id, 'consumer-db', ({ attempts }) => attempts.some(({ error }) => error?.type === 'Late'))
      const { total } = await lab.rows(id)
      if (total !== 1) throw new Error(`${total} rows were written, not 1`)
    },
  },
  {
    name: 'handler.error after the effect, where no single effect is promised,',
    input: {
      ...{ type: 'handler.error', target: { service: 'consumer-email' } },
      params: { errorType: 'Late', stage: 'after' },
    },
    async see(lab) {
      const { id } = await attempt(lab, 202)
      await until('a second mail', async () => (await lab.emails(id)).total > 1)
      await until('the ledger to count it', async () => {
        const { anomalies } = await lab.get<LedgerReport>('/api/ledger')
        const found = anomalies.find(({ name }) => name === 'duplicate_effect')
        return found?.failing === 0 && found.samplesByGroup['consumer-email']?.includes(id)
      })
    },
  },
  ...(['malformed', 'schema'] as const).map(
    (variant): FaultCase => ({
      name: `message.poison, ${variant}`,
      input: { type: 'message.poison', target: { eventType: 'user_signup' }, params: { variant, count: 1 } },
      async see(lab) {
        const { id } = await attempt(lab, 202)
        await owed(lab, id, 'consumer-db', ({ state, reason, attempts }) => {
          return state === 'dead_lettered' && reason === 'undecodable' && attempts.length === 1
        })
      },
    }),
  ),
  {
    name: 'message.duplicate by the producer',
    input: { type: 'message.duplicate', target: { eventType: 'user_signup' }, params: { copies: 2 } },
    async see(lab) {
      const { id } = await attempt(lab, 202)
      await until('three mails', async () => (await lab.emails(id)).total === 3)
      await until('one row', async () => (await lab.rows(id)).total === 1)
    },
  },
  {
    name: 'message.duplicate by the consumer',
    input: {
      ...{ type: 'message.duplicate', target: { service: 'consumer-email', eventType: 'user_signup' } },
      params: { copies: 1, stage: 'consume' },
    },
    async see(lab) {
      const { id } = await attempt(lab, 202)
      await until('two mails', async () => (await lab.emails(id)).total === 2)
    },
  },
  {
    name: 'message.reorder',
    input: { type: 'message.reorder', target: { eventType: 'user_signup' }, params: { windowMs: 1_500 }, seed: 7 },
    async see(lab) {
      const answers = await Promise.all(Array.from({ length: 12 }, () => lab.publish()))
      const acked = answers
        .flatMap(({ body: { id, ackMs } }) => (id === undefined || ackMs === undefined ? [] : [{ id, ackMs }]))
        .sort((a, b) => a.ackMs - b.ackMs)
        .map(({ id }) => Number(id.split(':').at(-1)))
      if (acked.length < 12) throw new Error(`${acked.length} of 12 were acknowledged`)
      if (acked.every((seq, index) => index === 0 || seq > (acked[index - 1] ?? 0)))
        throw new Error('they kept their order')
    },
  },
  {
    name: 'ack.lost at the producer',
    input: { type: 'ack.lost', target: { service: 'producer' } },
    async see(lab) {
      later = (await attempt(lab, 504)).id
      await recovered(lab)
    },
  },
  {
    name: 'ack.lost on the link of the producer',
    input: { type: 'ack.lost', target: { link: 'producer->broker' } },
    async see(lab) {
      later = (await attempt(lab, 504)).id
    },
    after: recovered,
  },
  {
    name: 'ack.lost at a consumer',
    input: { type: 'ack.lost', target: { service: 'consumer-db' } },
    async see(lab) {
      later = (await attempt(lab, 202)).id
      await until('the row', async () => (await lab.rows(later)).total === 1)
      // Nothing was settled, so a successor gets it again, on every broker.
      const kill = await lab.inject({ type: 'process.kill', target: 'consumer-db', params: { restartAfterMs: 0 } })
      // Queues count deliveries themselves; Kafka counts none, there the ledger's runs tell of the second.
      await owed(
        lab,
        later,
        'consumer-db',
        ({ receiveCount, attempts }) => Math.max(receiveCount, attempts.length) >= 2,
      )
      await lab.healed(kill.body.id)
    },
    async after(lab) {
      await owed(lab, later, 'consumer-db', ({ state }) => state === 'delivered')
      const { total } = await lab.rows(later)
      if (total !== 1) throw new Error(`${total} rows were written, not 1`)
    },
  },
  {
    name: 'link.latency',
    input: { type: 'link.latency', target: { link: 'producer->broker' }, params: { latencyMs: 700 } },
    async see(lab) {
      const { ackMs = 0 } = await attempt(lab, 202)
      if (ackMs < 700) throw new Error(`it was acknowledged after ${ackMs} ms`)
    },
  },
  {
    name: 'link.bandwidth',
    input: { type: 'link.bandwidth', target: { link: 'producer->broker' }, params: { rateKBps: 1 } },
    async see(lab) {
      const { ackMs = 0 } = await attempt(lab, 202)
      if (ackMs < 300) throw new Error(`it was acknowledged after ${ackMs} ms`)
    },
  },
  {
    name: 'link.timeout, a black hole',
    input: { type: 'link.timeout', target: { link: 'producer->broker' } },
    async see(lab) {
      later = (await attempt(lab, 504)).id
    },
    after: recovered,
  },
  {
    name: 'link.reset_peer',
    input: { type: 'link.reset_peer', target: { link: 'consumer-db->database' } },
    async see(lab) {
      later = (await attempt(lab, 202)).id
      await owed(lab, later, 'consumer-db', ({ attempts }) => attempts.some(({ outcome }) => outcome === 'error'))
    },
  },
  {
    name: 'link.down',
    input: { type: 'link.down', target: 'consumer-email->smtp' },
    async see(lab) {
      later = (await attempt(lab, 202)).id
      await owed(lab, later, 'consumer-email', ({ attempts }) => attempts.some(({ outcome }) => outcome === 'error'))
      await owed(lab, later, 'consumer-db', ({ state }) => state === 'delivered')
    },
  },
  {
    name: 'broker.down',
    input: { type: 'broker.down', durationMs: 60_000 },
    async see(lab) {
      await until('a publish that fails', async () => (await lab.publish()).status === 503)
    },
  },
  {
    name: 'broker.pause',
    input: { type: 'broker.pause', target: 'broker', durationMs: 60_000 },
    async see(lab) {
      later = (await attempt(lab, 504)).id
    },
  },
]
