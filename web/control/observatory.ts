import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Server } from 'socket.io'
import { chartPoints } from '#contracts/api/live.ts'
import type { ConsumerDeclaration } from '#contracts/lab.ts'
import type { BurstProgressRecord } from '#contracts/protocols/telemetry.ts'
import type { Meters } from '#monitoring/metrics/meters.ts'
import { AgentGateway } from './agents/agent-gateway.ts'
import { ServiceRegistry } from './agents/service-registry.ts'
import type { FaultPort, Observatory, Registry } from './control-ports.ts'
import type { EventLog } from './event-log/event-log.ts'
import type { Exports } from './exports/open-exports.ts'
import { createBodyReader } from './journal/body-reader.ts'
import { EntryReader } from './journal/entry-reader.ts'
import { Journal } from './journal/journal.ts'
import { OwedGroups } from './journal/owed-groups.ts'
import { createOwnFrames } from './journal/own-frames.ts'
import { createRecall } from './journal/recall.ts'
import { TelemetryIntake } from './journal/telemetry-intake.ts'
import { AnomalyBook } from './ledger/anomaly-book.ts'
import { suspectPassed } from './ledger/commit-watch.ts'
import { Coverage } from './ledger/coverage.ts'
import { judge } from './ledger/judge.ts'
import { Ledger } from './ledger/ledger.ts'
import { ledgerReport, ledgerSummary } from './ledger/ledger-report.ts'
import { outstandingOf } from './ledger/outstanding.ts'
import { Processes } from './ledger/processes.ts'
import { Suspicions } from './ledger/suspicions.ts'
import { TelemetryHealth } from './ledger/telemetry-health.ts'
import { LiveGateway } from './live/live-gateway.ts'
import type { SharedFrame } from './live/live-sources.ts'
import { LogRing } from './live/log-ring.ts'
import { flowCollector } from './metrics/collectors/flow-collector.ts'
import { ledgerCollector } from './metrics/collectors/ledger-collector.ts'
import { telemetryCollector } from './metrics/collectors/telemetry-collector.ts'
import { Metrics } from './metrics/metrics.ts'
import { samplesPerSecond } from './metrics/rate-window.ts'
import { assignmentEntry } from './partitions/assignment-entry.ts'
import { createPartitionWatch } from './partitions/partition-watch.ts'
import { createSpanMaker } from './spans/span-maker.ts'
import { createApplyContext } from './traces/create-apply-context.ts'
import { wholeOf } from './traces/dormant-journey.ts'
import { type JourneyRecord, toMs } from './traces/journey-record.ts'
import { journeyView } from './traces/journey-view.ts'
import { search } from './traces/search.ts'
import { TraceStore } from './traces/trace-store.ts'
import { unsettledOn } from './traces/unsettled.ts'

export interface ObservatoryOptions {
  /** Consumers of the declared lab. */
  consumers: readonly ConsumerDeclaration[]
  /** `FAULTLINE_DATA_DIR`; telemetry goes to the folder `telemetry` in it. */
  dataDir: string
  registry: Registry
  faults: FaultPort
  events: EventLog
  /** `FAULTLINE_AGENT_TOKEN`. */
  agentToken: string
  log: Logger
  /** Where its figures are shown to Prometheus. */
  meters: Pick<Meters, 'observe' | 'addCollector'>
  /** Where traces and log lines go outside the lab; absent: nowhere. */
  exports?: Pick<Exports, 'pushSpan' | 'problems'>
  /** Epoch milliseconds. */
  clock?: () => number
}

export interface RunningObservatory extends Observatory {
  /** Opens the namespaces `/agents` and `/live`. To be called after `start`, so that nothing arrives before the past is known. */
  attach(io: Server): void
  /** Reads the journal. Rejects where the data folder cannot be used. */
  start(): Promise<void>
  /** Stops taking telemetry and writes the last checkpoint. */
  close(): Promise<void>
  /** What is wrong with telemetry itself, for a person. */
  problems(): string[]
}

/** Between two looks at what the watermark has passed, in milliseconds. */
const judgeEveryMs = 500

/** Wires what telemetry becomes: journal, ledger, traces, metrics, and the two socket namespaces. */
export function createObservatory(options: ObservatoryOptions): RunningObservatory {
  const { consumers, registry, log, meters, clock = Date.now } = options
  const consumerOf = (group: string) => consumers.find(({ name }) => name === group)
  const effectOf = (group: string): string | undefined => consumerOf(group)?.effect?.name
  const directory = join(options.dataDir, 'telemetry')
  const journal = new Journal(directory)
  const ledger = new Ledger()
  const traces = new TraceStore(journal)
  const services = new ServiceRegistry(clock)
  const logs = new LogRing()
  const owed = new OwedGroups()
  const partitions = createPartitionWatch(clock)
  const burstListeners: ((progress: BurstProgressRecord) => void)[] = []
  const entries = new EntryReader(journal)
  const readBody = createBodyReader(entries)
  const endToEnd = 'faultline_end_to_end_latency_seconds'
  let replayed = false

  const metrics = new Metrics({
    groups: ledger.groups,
    oldestOpenAt: (group) => {
      const journey = traces.oldestOpen(group, registry.lab().broker)
      return journey && toMs(journey, journey.attemptedUs)
    },
    elsewhere: () => outstandingOf(ledger, (broker) => broker !== registry.lab().broker).groups,
    effectOf,
    now: clock,
    onEndToEnd(group, ms) {
      // What is read again from the journal was measured when it came.
      if (replayed) meters.observe(endToEnd, { messaging_consumer_group_name: group }, ms / 1_000)
    },
  })
  const pushSpan = options.exports?.pushSpan
  const spans =
    pushSpan &&
    createSpanMaker({
      emit: pushSpan,
      find(id) {
        const journey = find(id)
        if (!journey || journey.order < 0) return undefined
        const { lane, traceparent, attemptedUs } = wholeOf(journey)
        return { traceparent, topic: lane.topic, broker: lane.broker, attemptedAt: toMs(journey, attemptedUs) }
      },
    })
  const coverage = new Coverage()
  const health = new TelemetryHealth()
  const context = createApplyContext({
    ledger,
    traces,
    flow: metrics.flow,
    anomalies: new AnomalyBook((group) => consumerOf(group)?.idempotent === true),
    suspicions: new Suspicions(),
    processes: new Processes(),
    now: clock,
    owedGroups: (type) => owed.groupsOf(type),
    needsEffect: (group) => effectOf(group) !== undefined,
    hasGap: (service) => health.hasGap(service),
    repeated: (instance, id) => health.addRepeated(instance, id),
    untold: (group) => health.addUntold(group),
  })
  traces.allowDormancy(createRecall(context, entries))
  const intake = new TelemetryIntake({
    directory,
    journal,
    context,
    health,
    flow: metrics.flow,
    other: {
      log: (line) => logs.add(line),
      gauges: (record) => services.takeGauges(record),
      burst: (record) => {
        for (const listener of burstListeners) listener(record)
      },
      fault: (record) => options.faults.takeObserved(record),
      assigned: (record) => {
        partitions.assigned(record)
        options.events.add(assignmentEntry(record))
      },
    },
    owed,
    ...(spans ? { onTaken: spans.take } : {}),
    groupsOf: (type, at) => registry.groupsOf(type, at),
    log,
  })
  const agents = new AgentGateway({
    token: options.agentToken,
    services,
    log,
    takeFrames: (frames) => intake.takeFrames(frames),
    coverage,
    now: clock,
    sidecar: (sidecar) => intake.sidecar(sidecar),
    async grantEpoch(instance) {
      const epoch = await registry.grantEpoch(instance)
      intake.epochGranted(instance, epoch, clock())
      return epoch
    },
    config: () => registry.sidecarConfig(),
    onConnected: (service, isConnected) => options.faults.takeConnected(service, isConnected),
    onStatus: ({ service, faults }) => options.faults.takeStatus(service, faults),
  })

  const problems = (): string[] => [
    ...(options.exports?.problems() ?? []),
    ...(intake.problem === undefined ? [] : [intake.problem]),
    ...(entries.problem === undefined ? [] : [entries.problem]),
    ...services
      .droppedFrames()
      .map(({ service, count }) => `${service} had to drop ${count} telemetry frames; its figures have a gap`),
    ...(intake.dedup.missing > 0 ? [`${intake.dedup.missing} telemetry frames never came; figures have a gap`] : []),
  ]
  const find = (id: string): JourneyRecord | undefined => {
    const found = ledger.find(id)
    return found && traces.get(found.lane, found.seq)
  }
  const view = (journey: JourneyRecord) => journeyView(journey, readBody)
  const listServices = () => services.list(registry.sidecarConfig().replicas)
  const report = () =>
    ledgerReport({
      context,
      coverage,
      health,
      dropped: () => services.droppedFrames(),
      refused: () => intake.refused,
      broker: () => registry.lab().broker,
      now: clock,
    })
  let judgedAt = 0
  const look = (): void => {
    if (clock() - judgedAt >= judgeEveryMs) judgeNow()
  }
  const judgeNow = (): void => {
    judgedAt = clock()
    try {
      intake.resolve(judge(context, coverage))
    } catch (error) {
      // The disk does not take it: the suspicions are found again at the next start, and the figures say so until then.
      log.error({ err: error }, 'what was judged could not be stored')
    }
  }
  const shared = (): SharedFrame => {
    const topology = registry.topology()
    return {
      at: clock(),
      states: Object.fromEntries(topology.nodes.map(({ id, state }) => [id, state])),
      nodes: metrics.nodeFigures(),
      edges: metrics.edgeFigures(),
      services: listServices(),
      bursts: registry.bursts(),
      faults: options.faults.recent(chartPoints * 1_000),
      broker: registry.labBroker(),
      partitions: partitions.figures(),
      members: partitions.members(),
      problems: [...registry.problems(), ...problems()],
      ledger: ledgerSummary(report()),
      topology,
      topologyRevision: registry.topologyRevision(),
    }
  }
  const live = new LiveGateway(
    {
      shared,
      lab: () => registry.lab(),
      sparks: () => Object.fromEntries(metrics.sparks),
      charts: () => ({ points: metrics.charts, last: metrics.pointNumber }),
      order: traces.order,
      logs,
      events: options.events,
      find,
      view,
    },
    log,
  )
  meters.addCollector(flowCollector({ ledger, traces, metrics, broker: () => registry.lab().broker, now: clock }))
  meters.addCollector(ledgerCollector(report))
  meters.addCollector(
    telemetryCollector({
      missingFrames: () => intake.dedup.missing,
      refusedRecords: () => intake.refused,
      isStorable: () => intake.problem === undefined,
      viewers: () => live.viewers,
    }),
  )
  let timer: NodeJS.Timeout | undefined

  return {
    command: (service, command, timeoutMs) => agents.command(service, command, timeoutMs),
    configure: () => agents.configure(),
    holdFaults: (service, faults) => agents.holdFaults(service, faults),
    services: listServices,
    ledger: report,
    books: { context, coverage, report, look: judgeNow, resolve: (decided) => intake.resolve(decided) },
    journey(id) {
      const found = ledger.find(id)
      const journey = found && traces.get(found.lane, found.seq)
      if (journey) return view(journey)
      return found && ledger.wasAttempted(found.lane, found.seq) ? 'dropped' : undefined
    },
    search: (query) => search({ order: traces.order, find }, query),
    publishedByType() {
      const published: Record<string, number> = {}
      for (const [, type, { acked, recovered }] of ledger.publishes.entries()) {
        published[type] = (published[type] ?? 0) + acked + recovered
      }
      return published
    },
    unsettledByType: () => Object.fromEntries(traces.openByType),
    unsettledOn: (broker) => unsettledOn(broker, ledger, traces),
    observedEdges: () => metrics.flow.observed(),
    takeBrokerCounts({ queues, partitions: counted }) {
      metrics.takeQueueDepths(queues)
      partitions.take(counted)
      if (counted) suspectPassed(context, registry.lab().broker, counted)
    },
    onBurst: (listener) => burstListeners.push(listener),
    problems,
    attach(io) {
      agents.attach(io)
      live.attach(io)
      timer = setInterval(() => {
        metrics.sample()
        look()
        live.tick()
      }, 1_000 / samplesPerSecond)
    },
    report: createOwnFrames((frames) => intake.takeFrames(frames)),
    async start() {
      await intake.open()
      replayed = true
    },
    async close() {
      clearInterval(timer)
      agents.close()
      live.close()
      await intake.close()
    },
  }
}
