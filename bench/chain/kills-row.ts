import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { childPids } from '../../test/child-pids.ts'
import { type Lab, startLab } from '../../test/lab.ts'
import { burstEnd, burstNow, environmentOf, messagesOf, startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'
import type { BenchContext } from '../context.ts'
import { moveTo } from '../move-to.ts'
import { deliveriesOf, flowFiguresOf } from './chain-lab.ts'
import { chainProcesses } from './chain-processes.ts'
import { chainLab } from './names.ts'
import { openParcels, type Parcels } from './open-parcels.ts'

/** What a process is killed under; a third of it in. */
const load = { type: 'order_placed', durationMs: 4_000, ratePerSecond: 100 }
const settledWithinMs = 240_000
/** Flows that have not ended by then wait for nothing that is on its way; a group of Kafka gives up on a killed member sooner. */
const flowsWithinMs = 90_000

interface Killed {
  killed: string
  /** Orders that the broker acknowledged, and those of which nobody can say. */
  accepted: number
  indeterminate: number
  /** Flows, by the lab's own count: begun, ended, past their time, and not ended when nothing moved any more. */
  flows: { started: number; ended: number; overdue: number; open: number }
  /** Of the open ones, those that an audit could not settle either. */
  openAfterAudit?: number
  /** Messages that the ledger calls lost. */
  lost: number
  /** Accepted orders without a parcel in PostgreSQL. */
  missing: number
  /** Events at the end of a chain beyond one an order: a simulated service that is killed may send a second one. */
  second: number
}

/**
 * Kills each process of the chain in turn with SIGKILL while 100 orders a second run through it, on each broker, waits until every flow has
 * ended, and asks PostgreSQL what is there.
 */
export async function chainKills({ brokers }: Pick<BenchContext, 'brokers'>) {
  const lab = await startLab({ FAULTLINE_LAB: chainLab })
  const parcels = openParcels(environmentOf(childPids(lab.dataDir).web ?? 0).DATABASE_URL ?? '')
  const table: Partial<Record<BrokerName, Killed[]>> = {}
  try {
    for (const broker of brokers) {
      await moveTo(lab.url, broker)
      const rows: Killed[] = []
      for (const name of Object.keys(await chainProcesses(lab, broker))) {
        const row = await killUnderLoad(lab, parcels, broker, name)
        rows.push(row)
        console.log(broker, JSON.stringify(row))
      }
      table[broker] = rows
    }
  } finally {
    await parcels.close()
    await lab.stop()
  }
  return { unit: 'orders', load, ...table }
}

async function killUnderLoad(lab: Lab, parcels: Parcels, broker: BrokerName, name: string): Promise<Killed> {
  const { url } = lab
  const [flows, { lost }, mark] = await Promise.all([flowFiguresOf(url), deliveriesOf(url), parcels.mark()])
  const id = await startBurst(url, load)
  const third = (load.durationMs / 3_000) * load.ratePerSecond
  await until('a third of the burst', async () => (await burstNow(url, id)).attempted > third)
  const pid = (await chainProcesses(lab, broker))[name]
  if (!pid) throw new Error(`${name} is not running`)
  process.kill(pid, 'SIGKILL')
  await burstEnd(url, id, settledWithinMs)
  await until('a ready lab', async () => (await fetch(`${url}/readyz`)).ok, settledWithinMs)
  await until('the publishes', async () => {
    const rows = await messagesOf(url, id)
    return rows.length > 0 && rows.every(({ publish }) => publish !== 'attempted')
  })
  // Where it never comes the row says how many are open: deliveries that only a killed sidecar knew of are never reported to the lab.
  await until('the end of every flow', async () => (await flowFiguresOf(url)).open <= flows.open, flowsWithinMs).catch(
    () => undefined,
  )
  const openThen = (await flowFiguresOf(url)).open - flows.open
  const openAfterAudit = openThen > 0 ? (await audited(url)) - flows.open : undefined
  const [now, deliveries, { events, orders }] = await Promise.all([
    flowFiguresOf(url),
    deliveriesOf(url),
    parcels.since(mark),
  ])
  const messages = await messagesOf(url, id)
  const accepted = messages.filter(({ publish }) => publish === 'acked' || publish === 'recovered')
  return {
    killed: name,
    accepted: accepted.length,
    indeterminate: messages.filter(({ publish }) => publish === 'indeterminate').length,
    flows: {
      ...{ started: now.started - flows.started, ended: now.ended - flows.ended },
      ...{ overdue: now.overdue - flows.overdue, open: openThen },
    },
    ...(openAfterAudit === undefined ? {} : { openAfterAudit }),
    lost: deliveries.lost - lost,
    missing: await parcels.missingOf(accepted.map(({ key = '' }) => key)),
    second: events - orders,
  }
}

/** Flows that are open after an audit, which finds what telemetry never reported. */
async function audited(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/ledger/audit`, { method: 'POST' })
  if (!answer.ok) throw new Error(`an audit was answered with ${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
  return (await flowFiguresOf(url)).open
}
