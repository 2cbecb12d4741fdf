import type { Journey } from '#contracts/api/journey.ts'
import type { LabBroker } from '#contracts/api/lab-broker.ts'
import type { LedgerSummary } from '#contracts/api/ledger.ts'
import type { ChartPoint, LabInfo, LiveFrame } from '#contracts/api/live.ts'
import type { Topology } from '#contracts/api/topology.ts'
import type { EventLog } from '../event-log/event-log.ts'
import type { JourneyRecord } from '../journeys/journey-record.ts'
import type { OrderLog } from '../journeys/order-log.ts'
import type { LiveRuns } from './followed-run.ts'
import type { LogRing } from './log-ring.ts'

/** What all viewers see alike; made once a tick. */
export type SharedFrame = Pick<
  LiveFrame,
  | 'at'
  | 'states'
  | 'nodes'
  | 'edges'
  | 'services'
  | 'bursts'
  | 'faults'
  | 'partitions'
  | 'members'
  | 'ledger'
  | 'flows'
  | 'problems'
  | 'underWay'
> & {
  /** By topic and name of the group. Like `nodes`, `edges`, `states` and `services`, each is the same value as long as it does not change. */
  ledgerGroups: Readonly<Record<string, LedgerSummary['groups'][number]>>
  /** The same value as long as nothing changes. */
  broker: LabBroker
  topology: Topology
  topologyRevision: number
}

/** What frames are made of. */
export interface LiveSources {
  shared(): SharedFrame
  lab(): LabInfo
  sparks(): Record<string, number[]>
  /** Points of the charts, oldest first, and the number of the newest one. */
  charts(): { points: readonly ChartPoint[]; last: number }
  order: OrderLog
  logs: LogRing
  runs: LiveRuns
  events: Pick<EventLog, 'last' | 'since'>
  find(id: string): JourneyRecord | undefined
  view(journey: JourneyRecord): Journey
}
