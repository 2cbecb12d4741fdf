/**
 * Started by the rows about web with a folder and a token for sidecars: what web makes of telemetry and shows to browsers, with its sockets, its recording,
 * the API of messages and the built-in lab, without pages and database. Says its port, then answers each message of its parent with its figures.
 */
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pino from 'pino'
import { Server } from 'socket.io'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import { consumersIn } from '#contracts/lab.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { createAccessToken } from '#web/control/access/access-token.ts'
import { createRequestGuard } from '#web/control/access/request-guard.ts'
import { createApi } from '#web/control/api/create-api.ts'
import { messageRoutes } from '#web/control/api/routes/message-routes.ts'
import { openEventLog } from '#web/control/event-log/event-log.ts'
import { configOf, initialLab } from '#web/control/lab/declared-lab.ts'
import { createObservatory } from '#web/control/observatory.ts'
import { openHistory } from '#web/control/open-history.ts'
import { openLive } from '#web/control/open-live.ts'
import { createLabGraph } from '#web/control/topology/lab-graph.ts'
import { groups } from '../../web/control/intake/system.fixture.ts'

export interface WebAnswer {
  port: number
  /** After a collection of garbage. */
  rssBytes: number
  /** Of it in use: the heap, and what is kept outside of it. */
  usedBytes: number
  /** Of the ledger, consumer-db's: owed and delivered. */
  owed: number
  delivered: number
}

const [, , dataDir = '', agentToken = ''] = process.argv
const declared = await loadLab(defaultLabFile(process.cwd()))
const lab = initialLab(declared)
const log = pino({ level: 'silent' })
const events = await openEventLog(join(dataDir, 'event-log.jsonl'), log)
const meters = createMeters('web')
const observatory = createObservatory({
  ...{ dataDir, events, log, meters, agentToken },
  publisherOf: () => 'producer',
  consumers: () => consumersIn(declared),
  isDeclared: () => true,
  broker: () => 'local',
  groupsOf: (type) => (type === 'order_placed' ? groups : []),
  grantEpochs: async (instances) => instances.map(() => 1),
  config: () => ({ worker: configOf(lab, 1), broker: 'local', replicas: {} }),
})
const labBroker: LabBroker = { broker: 'local', state: 'ready', available: [], unsettled: [] }
const info = () => ({
  name: 'bench',
  broker: 'local' as const,
  startedAt: new Date(0).toISOString(),
  version: '0',
  problems: [],
})
const graph = createLabGraph({
  ...{ declaration: () => declared, services: observatory.services, parts: () => [], lab: () => lab },
  observed: () => ({ edges: observatory.metrics.flow.observed(), bindings: [] }),
})
const live = openLive({
  ...{ observatory, graph, events, meters, log, lab: info },
  ...{ bursts: () => [], faults: () => [], labBroker: () => labBroker },
  runs: { underWay: () => null, lines: () => undefined },
})
const recording = openHistory({
  ...{ dataDir, observatory, events, log, shared: live.shared, lab: info, runs: () => [] },
  limits: { seconds: 3_600, maxBytes: 2 ** 29 },
})
await observatory.start()
await recording.start()
const app = await createApi({
  ...{ version: '0', log, token: createAccessToken(undefined) },
  guard: createRequestGuard({ host: '127.0.0.1', allowedHosts: [] }),
  routes: (api) => messageRoutes(api, { messages: observatory }),
})
live.attach(new Server(app.server, { perMessageDeflate: false, maxHttpBufferSize: 64 * 1_024 * 1_024 }))
await app.listen({ port: 0, host: '127.0.0.1' })
const { port } = app.server.address() as AddressInfo

/** V8 gives pages back behind a collection, on threads of its own. */
const givenBackMs = 500

async function answer(): Promise<void> {
  globalThis.gc?.()
  await new Promise((resolve) => setTimeout(resolve, givenBackMs))
  globalThis.gc?.()
  const counts = observatory.report().groups.find(({ group }) => group === 'consumer-db')
  const { owed = 0, delivered = 0 } = counts ?? {}
  const { rss, heapUsed, external } = process.memoryUsage()
  const said: WebAnswer = { port, rssBytes: rss, usedBytes: heapUsed + external, owed, delivered }
  process.send?.(said)
}

process.on('disconnect', () => process.exit(0))
process.on('message', () => void answer())
await answer()
