import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { FaultInput } from '#contracts/faults/fault.ts'
import { until } from '../until.ts'
import { order, type ProveLab, startProveLab } from './prove-lab.ts'
import { randomFrom } from './random.ts'

/** A run under a fault in a lab without a defect. It holds where the ledger ends with `pass` and failed nothing. */
export interface FaultRun {
  broker: BrokerName
  seed: number
  fault: string
  published: number
  /** What the ledger counted in this run, by anomaly. */
  counted: Record<string, number>
  problems: string[]
}

/** Between two publishes, in milliseconds. */
const paceMs = 40
const settledWithinMs = 120_000

/** Faults by the draw. All of them heal, and none leaves a message in the broker for longer than a minute. */
const draws: readonly ((draw: () => number) => FaultInput)[] = [
  (draw) => ({
    type: 'process.kill',
    target: { service: 'consumer-db' },
    params: { restartAfterMs: ms(draw, 0, 1_500) },
  }),
  (draw) => ({
    type: 'process.kill',
    target: { service: 'consumer-email' },
    params: { restartAfterMs: ms(draw, 0, 1_500) },
  }),
  (draw) => ({ type: 'process.kill', target: { service: 'producer' }, params: { restartAfterMs: ms(draw, 0, 1_000) } }),
  (draw) => ({
    type: 'process.shutdown',
    target: { service: 'consumer-db', instance: `consumer-db-${draw() < 0.5 ? 1 : 2}` },
    // Longer than the grace: one that ends before its process did was never seen.
    params: { graceMs: 3_000, restartAfterMs: ms(draw, 3_500, 5_000) },
  }),
  (draw) => ({
    type: 'process.pause',
    target: { service: 'consumer-db' },
    params: { durationMs: ms(draw, 1_000, 12_000) },
  }),
  (draw) => ({
    type: 'process.block',
    target: { service: 'consumer-email' },
    params: { blockMs: ms(draw, 100, 600), everyMs: 800 },
  }),
  (draw) => ({
    type: 'handler.latency',
    target: { service: 'consumer-db' },
    params: { latencyMs: ms(draw, 100, 1_500) },
  }),
  (draw) => ({
    type: 'handler.error',
    target: { service: 'consumer-db' },
    percent: 20 + 60 * draw(),
    params: { stage: 'before' },
  }),
  (draw) => ({
    type: 'handler.error',
    target: { service: 'consumer-db' },
    percent: 20 + 60 * draw(),
    params: { stage: 'after' },
  }),
  (draw) => ({ type: 'message.poison', target: { eventType: 'order_placed' }, params: { count: ms(draw, 1, 5) } }),
  (draw) => ({
    type: 'message.duplicate',
    target: { eventType: 'order_placed' },
    percent: 50,
    params: { copies: ms(draw, 1, 3) },
  }),
  (draw) => ({
    type: 'message.duplicate',
    target: { service: 'consumer-db', eventType: 'order_placed' },
    params: { copies: ms(draw, 1, 3), stage: 'consume' },
  }),
  (draw) => ({
    type: 'message.reorder',
    target: { eventType: 'order_placed' },
    params: { windowMs: ms(draw, 100, 1_000) },
  }),
  () => ({ type: 'ack.lost', target: { service: 'producer' } }),
  () => ({ type: 'ack.lost', target: { service: 'consumer-db' }, params: { side: 'consume' } }),
  (draw) => ({
    type: 'link.latency',
    target: { link: 'consumer-db->database' },
    params: { latencyMs: ms(draw, 50, 500) },
  }),
  () => ({ type: 'link.reset_peer', target: { link: 'consumer-db->database' } }),
  () => ({ type: 'link.reset_peer', target: { link: 'consumer-email->broker' } }),
  () => ({ type: 'link.down', target: { link: 'consumer-email->smtp' } }),
  () => ({ type: 'link.down', target: { link: 'consumer-db->broker' } }),
  () => ({ type: 'link.timeout', target: { link: 'producer->broker' } }),
  () => ({ type: 'broker.down', durationMs: 4_000 }),
]

const ms = (draw: () => number, from: number, to: number): number => Math.round(from + draw() * (to - from))

/** The fault of a run. One seed has one fault with one set of numbers; seeds that follow each other have different ones. */
export function faultOf(seed: number): FaultInput {
  const draw = randomFrom(seed)
  const make = draws[seed % draws.length]
  if (!make) throw new Error('there are no faults to draw from')
  return { ...make(draw), seed }
}

/** One after the other in one lab, so that each also is a test of what the ones before left behind; in another after one that failed. */
export async function runFaults(
  broker: BrokerName,
  seeds: readonly number[],
  done: (run: FaultRun) => void,
): Promise<void> {
  let lab = await startProveLab(broker)
  try {
    for (const seed of seeds) {
      const run = await runFault(lab, seed)
      done(run)
      if (run.problems.length === 0) continue
      // What is wrong stays wrong: the next run is to be judged by itself.
      await lab.stop()
      lab = await startProveLab(broker)
    }
  } finally {
    await lab.stop()
  }
}

async function runFault(lab: ProveLab, seed: number): Promise<FaultRun> {
  const input = faultOf(seed)
  const run = { broker: lab.broker, seed, fault: inWords(input) }
  let published = 0
  const before = await lab.ledger()
  try {
    await until('every worker to be up', async () => {
      const services = await lab.services()
      return services.every(({ replicas }) => replicas.every(({ state }) => state === 'up'))
    })
    // A lab in which nothing was published proves nothing, and under some faults nothing is.
    await lab.orders(2)
    const id = await lab.begin(input)
    const pending: Promise<unknown>[] = []
    for (; published < 40; published += 1) {
      // Whatever becomes of it: the ledger has to know.
      pending.push(lab.publish('order_placed', order()).catch(() => undefined))
      await new Promise((resolve) => setTimeout(resolve, paceMs))
    }
    await lab.observed(id)
    await lab.end(id)
    await Promise.all(pending)
    const report = await untilSettled(lab)
    return { ...run, published, counted: countedSince(before, report), problems: await problemsOf(lab, report) }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    const report = await lab.ledger().catch(() => before)
    return {
      ...run,
      published,
      counted: countedSince(before, report),
      problems: [problem, ...(await problemsOf(lab, report))],
    }
  }
}

/**
 * Waits until nothing is open, then audits: what the broker has still to give out again is to come first, three witnesses are to agree,
 * and publishes that nobody can tell of are settled.
 */
async function untilSettled(lab: ProveLab): Promise<Pick<LedgerReport, 'verdict' | 'anomalies'>> {
  let last: LedgerReport | undefined
  const isStill = async (): Promise<boolean> => {
    last = await lab.ledger()
    const { groups, publishes, pending } = last
    const open = groups.reduce((sum, row) => sum + row.waiting + row.handling + row.retrying, 0)
    return pending === 0 && open === 0 && publishes.every((row) => row.open === 0)
  }
  await until('a settled ledger', isStill, settledWithinMs).catch(() => undefined)
  return (await lab.audit()) ?? last ?? (await lab.ledger())
}

function countedSince(
  before: Pick<LedgerReport, 'anomalies'>,
  after: Pick<LedgerReport, 'anomalies'>,
): Record<string, number> {
  const known = new Map(before.anomalies.map(({ name, count }) => [name, count]))
  const changes = after.anomalies.map(({ name, count }): [string, number] => [name, count - (known.get(name) ?? 0)])
  return Object.fromEntries(changes.filter(([, change]) => change !== 0))
}

/** What is wrong, with the journey of one message for each: the lab is gone when somebody reads it. */
async function problemsOf(
  lab: ProveLab,
  { verdict, anomalies }: Pick<LedgerReport, 'verdict' | 'anomalies'>,
): Promise<string[]> {
  const failing = anomalies.filter((one) => one.failing > 0)
  const journeys = await Promise.all(
    failing.map(({ samples }) => lab.journey(samples[0] ?? '').catch((error: unknown) => String(error))),
  )
  return [
    ...(verdict.result === 'pass' ? [] : [`the verdict is ${verdict.result}: ${verdict.reasons.join('; ')}`]),
    ...failing.map(({ name, samples }, index) => {
      return `${name} is said of ${samples.join(' ')}: ${JSON.stringify(journeys[index])}`
    }),
  ]
}

function inWords({ type, target, params, percent }: FaultInput): string {
  const whom = typeof target === 'string' ? target : Object.values(target ?? {}).join(' ')
  const how = Object.entries(params ?? {}).map(([name, value]) => `${name} ${value}`)
  const share = percent === undefined ? [] : [`${Math.round(percent)} %`]
  return [type, whom, ...how, ...share].filter((word) => word !== '').join(' ')
}
