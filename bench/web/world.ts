/**
 * Started by the rows about web with a folder and a token for sidecars: what web makes of telemetry and shows to browsers, with its sockets, its recording and
 * the built-in lab, without pages and database. Says its port, then answers each message of its parent.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pino from 'pino'
import { Server } from 'socket.io'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import { consumersIn } from '#contracts/lab.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { openEventLog } from '#web/control/event-log/event-log.ts'
import { configOf, initialLab } from '#web/control/lab/declared-lab.ts'
import { createObservatory } from '#web/control/observatory.ts'
import { openHistory } from '#web/control/open-history.ts'
import { openLive } from '#web/control/open-live.ts'
import { createLabGraph } from '#web/control/topology/lab-graph.ts'
import { groups } from '../../web/control/intake/system.fixture.ts'

/** Parent to world: look messages up by id, or by text page by page until one is found; or only tell the figures. */
export type WebTask = { ids: string[] } | { texts: string[]; limit: number } | { figures: true }

export interface WebAnswer {
  port: number
  /** After a collection of garbage. */
  rssBytes: number
  /** Of the ledger, consumer-db's: owed and delivered. */
  owed: number
  delivered: number
  /** Milliseconds of each look-up that was asked for, with the making of the answer; and how many found what was sought. */
  took: number[]
  found: number
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
const http = createServer()
live.attach(new Server(http, { perMessageDeflate: false, maxHttpBufferSize: 64 * 1_024 * 1_024 }))
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
const { port } = http.address() as AddressInfo

/** One answer of the API by id: the journey as it is sent. */
function byId(id: string): boolean {
  const journey = observatory.journey(id)
  return journey !== undefined && journey !== 'dropped' && JSON.stringify(journey).length > 0
}

/** The first page with a find, as a reader gets it who goes on until there is one. */
function byText(q: string, limit: number): boolean {
  for (let cursor: string | undefined; ; ) {
    const page = observatory.search({ q, limit, ...(cursor === undefined ? {} : { cursor }) })
    if (page.items.length > 0) return JSON.stringify(page).length > 0
    if (page.nextCursor === undefined) return false
    cursor = page.nextCursor
  }
}

function answer(took: number[] = [], found = 0): void {
  globalThis.gc?.()
  const counts = observatory.report().groups.find(({ group }) => group === 'consumer-db')
  const { owed = 0, delivered = 0 } = counts ?? {}
  const said: WebAnswer = { port, rssBytes: process.memoryUsage.rss(), owed, delivered, took, found }
  process.send?.(said)
}

process.on('disconnect', () => process.exit(0))
process.on('message', (task: WebTask) => {
  if ('figures' in task) return answer()
  const took: number[] = []
  let found = 0
  for (const sought of 'ids' in task ? task.ids : task.texts) {
    const begun = performance.now()
    if ('ids' in task ? byId(sought) : byText(sought, task.limit)) found += 1
    took.push(performance.now() - begun)
  }
  answer(took, found)
})
answer()
