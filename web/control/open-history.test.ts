import pino from 'pino'
import { expect, test } from 'vitest'
import { type LabInfo, snapshot } from '#contracts/api/live.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { createObservatory } from './observatory.ts'
import { openHistory } from './open-history.ts'
import { openLive } from './open-live.ts'

const log = pino({ level: 'silent' })
const lab: LabInfo = {
  ...{ name: 'default', broker: 'local', startedAt: new Date(0).toISOString(), version: '0', problems: [] },
}

test('a keyframe has what a viewer is shown, and nothing that frames are only made with', async () => {
  const dataDir = await temporaryFolder('open-history')
  const events = { add: () => {}, last: () => 0, since: () => [] }
  const meters = createMeters('web')
  const observatory = createObservatory({
    ...{ dataDir, events, log, meters, agentToken: 'secret', publisherOf: () => 'producer', consumers: () => [] },
    ...{ isDeclared: () => true, broker: () => 'local', groupsOf: () => ['consumer-db'], grantEpochs: async () => [7] },
    config: () => ({ worker: { revision: 1, eventTypes: [], subscriptions: [] }, broker: 'local', replicas: {} }),
  })
  const live = openLive({
    ...{ observatory, events, meters, log, runs: { underWay: () => null, lines: () => undefined } },
    graph: { topology: () => ({ nodes: [], edges: [] }), revision: () => 1 },
    ...{ bursts: () => [], faults: () => [], lab: () => lab },
    labBroker: () => ({ broker: 'local', state: 'ready', available: [], unsettled: [] }),
  })
  await observatory.start()
  const { history, start, close } = openHistory({
    ...{ dataDir, observatory, events, log, lab: () => lab, shared: live.shared, runs: () => [] },
    limits: { seconds: 3_600, maxBytes: 2 ** 30 },
  })
  await start()
  const recorded = history.at(history.range().to ?? 0).snapshot
  expect(snapshot.strict().parse(recorded)).toMatchObject({ ledger: { groups: [] }, lab })
  await close()
  await observatory.close()
})
