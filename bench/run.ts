/**
 * `npm run bench [-- --rows rest,latency,throughput,cpu,rows-written,cold-start,kills,memory,stores,retained,simulator,link,brokers,ledger,outstanding,history,pipe-ledger,recorded,browser-bytes,web-memory,find,reported-p99,ledger-shards,chain,chain-kills --repetitions 5 --count 5000 --messages 1000000 --backlog 200000 --appendfsync always --brokers local,redis,kafka]`
 * Starts a lab of its own, prints each row and writes them to bench/results.json. Times mean something only as ratios of
 * sides that ran interleaved in one session; see docs/performance.md.
 */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import { childPids } from '../test/child-pids.ts'
import { startLab } from '../test/lab.ts'
import { environmentOf } from '../test/lab-client.ts'
import { startBareLoop } from './bare/start.ts'
import { chainKills } from './chain/kills-row.ts'
import { chain } from './chain/row.ts'
import { brokers } from './rows/brokers.ts'
import { coldStart } from './rows/cold-start.ts'
import { cpu } from './rows/cpu.ts'
import { history } from './rows/history.ts'
import { kills } from './rows/kills.ts'
import { latency } from './rows/latency.ts'
import { ledger, outstanding } from './rows/ledger.ts'
import { ledgerShards } from './rows/ledger-shards.ts'
import { link } from './rows/link.ts'
import { memory } from './rows/memory.ts'
import { pipeLedger } from './rows/pipe-ledger.ts'
import { recorded } from './rows/recorded.ts'
import { reportedP99 } from './rows/reported-p99.ts'
import { rest } from './rows/rest.ts'
import { rowsWritten } from './rows/rows-written.ts'
import { simulator } from './rows/simulator.ts'
import { retained, stores } from './rows/stores.ts'
import { throughput } from './rows/throughput.ts'
import { browserBytes, find, webMemory } from './rows/web.ts'
import { openWitness } from './witness.ts'

const { values } = parseArgs({
  options: {
    rows: {
      type: 'string',
      default:
        'cold-start,rest,latency,throughput,cpu,rows-written,kills,memory,stores,retained,simulator,link,brokers,ledger,outstanding,history,pipe-ledger,recorded,browser-bytes,web-memory,find,reported-p99,ledger-shards,chain,chain-kills',
    },
    repetitions: { type: 'string', default: '5' },
    count: { type: 'string', default: '5000' },
    messages: { type: 'string', default: '1000000' },
    backlog: { type: 'string', default: '200000' },
    appendfsync: { type: 'string', default: 'always' },
    brokers: { type: 'string', default: 'local,redis,kafka' },
  },
})
const wanted = values.rows.split(',')
const withoutLab = [
  ...['cold-start', 'stores', 'retained', 'simulator', 'link', 'ledger', 'outstanding', 'history'],
  ...['browser-bytes', 'web-memory', 'find', 'ledger-shards', 'chain', 'chain-kills'],
]
const results: Record<string, unknown> = { at: new Date().toISOString(), node: process.version, cores: cpus().length }

async function row(name: string, measure: () => Promise<object>): Promise<void> {
  if (!wanted.includes(name)) {
    results[name] = 'not measured'
    return
  }
  try {
    results[name] = await measure()
  } catch (error) {
    results[name] = `not measured: ${error instanceof Error ? error.message : error}`
    process.exitCode = 1
  }
  console.log(`${name}: ${JSON.stringify(results[name], null, 2)}`)
}

await row('cold-start', () => coldStart(Number(values.repetitions)))
const storesOptions = {
  repetitions: Number(values.repetitions),
  count: Number(values.count),
  appendfsync: values.appendfsync,
}
await row('stores', () => stores(storesOptions))
await row('link', () => link(storesOptions))
await row('ledger', () => ledger({ repetitions: Number(values.repetitions) }))
await row('outstanding', () => outstanding({ many: 10_000_000, repetitions: Number(values.repetitions) }))
await row('history', () => history({ messages: Number(values.messages) }))
const webOptions = { messages: Number(values.messages), repetitions: Number(values.repetitions) }
await row('browser-bytes', () => browserBytes(webOptions))
await row('web-memory', () => webMemory(webOptions))
await row('find', () => find(webOptions))
await row('ledger-shards', async () => ledgerShards(webOptions))
await row('retained', () => retained({ ...storesOptions, backlog: Number(values.backlog) }))
await row('simulator', () =>
  simulator({
    ...storesOptions,
    backlog: Number(values.backlog),
    retainedMessages: Number(values.backlog),
  }),
)
const movedOptions = {
  ...{ repetitions: Number(values.repetitions), count: Number(values.count) },
  brokers: values.brokers.split(',').map((name) => brokerName.parse(name)),
}
await row('chain', () => chain(movedOptions))
await row('chain-kills', () => chainKills(movedOptions))
if (wanted.some((name) => !withoutLab.includes(name))) {
  const lab = await startLab()
  const env = environmentOf(childPids(lab.dataDir).web ?? 0)
  const { AWS_ENDPOINT_URL: endpoint = '', DATABASE_URL = '', SMTP_URL = '' } = env
  const witness = openWitness(DATABASE_URL)
  const context = {
    lab,
    witness,
    ...movedOptions,
    messages: Number(values.messages),
  }
  await row('rest', () => rest(context))
  await row('latency', () => latency(context))
  await row('throughput', async () => {
    const bare = await startBareLoop({ broker: { endpoint }, DATABASE_URL, SMTP_URL })
    return throughput(context, bare).finally(bare.stop)
  })
  await row('cpu', () => cpu(context))
  await row('rows-written', () => rowsWritten(context, DATABASE_URL))
  await row('pipe-ledger', () => pipeLedger(context, env))
  await row('recorded', () => recorded(context))
  await row('brokers', () => brokers(context, env))
  await row('reported-p99', () => reportedP99(context))
  await row('kills', () => kills(context))
  await row('memory', () => memory(context))
  await witness.close()
  await lab.stop()
}
writeFileSync('bench/results.json', `${JSON.stringify(results, null, 2)}\n`)
