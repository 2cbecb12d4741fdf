import { join } from 'node:path'
import type { Server } from 'socket.io'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { BrokerSnapshot } from '#workers/broker/broker.ts'
import { AgentGateway } from './agents/agent-gateway.ts'
import { ServiceRegistry } from './agents/service-registry.ts'
import { createEffectSampler } from './audit/contents/effect-sampler.ts'
import type { LedgerBooks } from './audit/ledger-books.ts'
import { unowedLetters } from './audit/letters/unowed-letters.ts'
import { createOwnFrames } from './intake/own-frames.ts'
import { RecordListeners } from './intake/record-listeners.ts'
import { TelemetryIntake } from './intake/telemetry-intake.ts'
import { EntryReader } from './journal/entry-reader.ts'
import { TelemetryJournal } from './journal/journal.ts'
import { OwedGroups } from './journal/owed-groups.ts'
import type { Resolution } from './journeys/apply/apply-resolution.ts'
import { createApplyContext } from './journeys/apply/create-apply-context.ts'
import { type JourneyRecord, toMs } from './journeys/journey-record.ts'
import { journeyView } from './journeys/journey-view.ts'
import { search } from './journeys/search.ts'
import { spannedMessageOf } from './journeys/spanned-message.ts'
import { TraceStore } from './journeys/trace-store.ts'
import { AnomalyBook } from './ledger/anomaly-book.ts'
import { Coverage } from './ledger/coverage.ts'
import { Ledger } from './ledger/ledger.ts'
import { Processes } from './ledger/processes.ts'
import { Suspicions } from './ledger/suspicions.ts'
import { TelemetryHealth } from './ledger/telemetry-health.ts'
import { LogRing } from './live/log-ring.ts'
import { flowCollector } from './metrics/collectors/flow-collector.ts'
import { ledgerCollector } from './metrics/collectors/ledger-collector.ts'
import { Metrics } from './metrics/metrics.ts'
import type { ObservatoryOptions } from './observatory-options.ts'
import { openFlows } from './open-flows.ts'
import { assignmentEntry } from './partitions/assignment-entry.ts'
import { createPartitionWatch } from './partitions/partition-watch.ts'
import { createBodyReader, createResentReader } from './rehydrate/body-reader.ts'
import { createRehydration } from './rehydrate/rehydrate.ts'
import { createSpanMaker } from './spans/span-maker.ts'
import { createAnswerWatch } from './verdict/answer-watch.ts'
import { suspectPassed } from './verdict/commit-watch.ts'
import { foreignEffects } from './verdict/foreign-effects.ts'
import { judge } from './verdict/judge.ts'
import { makeLedgerReport } from './verdict/ledger-report.ts'
import { outstandingOf } from './verdict/outstanding.ts'
import { createPositionWatch } from './verdict/position-watch.ts'
import { createQueueWatch } from './verdict/queue-watch.ts'
import { unsettledOfBroker } from './verdict/unsettled.ts'

export type Observatory = ReturnType<typeof createObservatory>

/** Between two looks at what the watermark has passed, in milliseconds. */
const judgeEveryMs = 500
const endToEnd = 'faultline_end_to_end_latency_seconds'

/** Wires what telemetry becomes: sidecars, journal, ledger, journeys, metrics and spans. */
export function createObservatory(options: ObservatoryOptions) {
  const { consumers, broker, log, meters, clock = Date.now, withReports = (journey) => journey } = options
  const consumerOf = (group: string) => consumers().find(({ name }) => name === group)
  const effectOf = (group: string): string | undefined => consumerOf(group)?.effect?.name
  const directory = join(options.dataDir, 'telemetry')

  // What is known of messages.
  const journal = new TelemetryJournal(directory)
  const ledger = new Ledger()
  const traces = new TraceStore(journal)
  const entries = new EntryReader(journal)
  const readBody = createBodyReader(entries)
  const find = (id: string): JourneyRecord | undefined => {
    const found = ledger.find(id)
    return found && traces.get(found.sequence, found.seq)
  }
  const view = (journey: JourneyRecord) => withReports(journeyView(journey, readBody))

  // What flows.
  let replayed = false
  const metrics = new Metrics({
    groups: ledger.groups,
    oldestOpenAt: (group) => {
      const journey = traces.oldestOpen(group, broker())
      return journey && toMs(journey, journey.attemptedUs)
    },
    elsewhere: () => outstandingOf(ledger, (name) => name !== broker()).groups,
    effectOf,
    receives: (service) => consumerOf(service) !== undefined,
    now: clock,
    onEndToEnd(group, ms) {
      // What is read again from the journal was measured when it came.
      if (replayed) meters.observe(endToEnd, { messaging_consumer_group_name: group }, ms / 1_000)
    },
  })
  const pushSpan = options.exports?.pushSpan
  const spans = pushSpan && createSpanMaker({ emit: pushSpan, find: (id) => spannedMessageOf(find(id)) })

  // How records change both.
  const owed = new OwedGroups()
  const sidecarOf = options.sidecarOf ?? ((service: string) => service)
  const [coverage, health] = [new Coverage(sidecarOf), new TelemetryHealth(sidecarOf)]
  const anomalies = new AnomalyBook(consumerOf)
  const flows = openFlows({
    ...{ ledger, traces, anomalies, meters, find, view, now: clock },
    declared: options.flows ?? (() => []),
    isLive: () => replayed,
  })
  const context = createApplyContext({
    ledger,
    traces,
    flow: metrics.flow,
    ...{ anomalies, flows: flows.book },
    suspicions: new Suspicions(),
    processes: new Processes(),
    now: clock,
    owedGroups: (type) => owed.groupsOf(type),
    owedAtAnswer: (type) => owed.atAnswer(type),
    needsEffect: (group) => effectOf(group) !== undefined,
    hasGap: (service) => health.hasGap(service),
    repeated: (instance, id) => health.addRepeated(instance, id),
    unreported: (group) => health.addUnreported(group),
    audited: (at, accounts) => health.audited(at, accounts),
  })
  traces.allowPacking(createRehydration(context, entries))

  // The way in.
  const services = new ServiceRegistry(clock)
  const logs = new LogRing()
  const partitions = createPartitionWatch(clock)
  const records = new RecordListeners()
  records.on({
    log: (line) => logs.add(line),
    gauges: (record) => services.takeGauges(record),
    assigned(record) {
      partitions.assigned(record)
      options.events.add(assignmentEntry(record))
    },
  })
  const sampler =
    options.sampled &&
    createEffectSampler({
      ...options.sampled,
      missing: (id, group) => intake.resolve([{ what: 'differs', id, group, at: clock() }]),
      now: clock,
      random: Math.random,
    })
  const listeners = new Set<(records: readonly TelemetryRecord[]) => void>()
  const intake = new TelemetryIntake({
    directory,
    journal,
    context,
    health,
    totals: metrics.flow,
    other: records,
    ...{ owed, flows: flows.book, flowsNow: flows.declared },
    onTaken(taken) {
      spans?.take(taken)
      sampler?.take(taken)
      for (const listener of listeners) listener(taken)
    },
    ...{ groupsOf: options.groupsOf, logs: () => logs.newest(), log },
  })
  const agents = new AgentGateway({
    token: options.agentToken,
    isDeclared: options.isDeclared,
    services,
    log,
    takeFrames: (frames) => intake.takeFrames(frames),
    coverage,
    now: clock,
    sidecar: (sidecar) => intake.sidecar(sidecar),
    async grantEpochs(instances) {
      const epochs = await options.grantEpochs(instances)
      for (const [index, instance] of instances.entries()) intake.epochGranted(instance, epochs[index] ?? 1, clock())
      return epochs
    },
    config: options.config,
    ...{ sidecarOf, hosted: options.hosted ?? (() => undefined) },
  })

  // What follows from it.
  const verified = new Map<string, number>()
  const report = () =>
    makeLedgerReport({
      context,
      coverage,
      health,
      dropped: () => services.droppedFrames(),
      refused: () => intake.refused,
      ...{ broker, now: clock },
      ...(sampler ? { effectSamples: sampler.list } : {}),
      flows: flows.evidence,
      foreign: () => foreignEffects(consumers(), ledger.groups, verified),
      unowedDeadLetters: () => unowedLetters(ledger, broker(), consumers(), options.discards),
    })
  const answers = createAnswerWatch(context, coverage, options.publisherOf)
  const [positionsOf, suspectGone] = [createPositionWatch(clock), createQueueWatch(context, options.countsHeldMs)]
  let judgedAt = 0
  const enter = (decided: readonly Resolution[]): void => {
    try {
      intake.resolve(decided)
    } catch (error) {
      // The disk does not take it: the suspicions are found again at the next start, and the figures say so until then.
      log.error({ err: error }, 'what was judged could not be stored')
    }
  }
  const look = (): void => {
    judgedAt = clock()
    const covered = health.hasAnyGap ? undefined : coverage.oldest()
    enter([...judge(context, coverage), ...answers.decide(), ...flows.decide(covered)])
  }
  const books: LedgerBooks = {
    ...{ context, coverage, report, verified, look, bodyOf: readBody, resent: createResentReader(entries) },
    resolve: (decided) => intake.resolve(decided),
  }
  meters.addCollector(flowCollector({ ledger, traces, metrics, broker, now: clock }))
  meters.addCollector(ledgerCollector(report))

  return {
    ...{ agents, records, metrics, partitions, logs, traces, books, answers, find, view, report, health },
    /** `listener` is called with the records of each new frame after they were applied; the answer ends that. */
    onTelemetry(listener: (records: readonly TelemetryRecord[]) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Whether telemetry has a gap that no audit has made up for. */
    hasGap: () => health.hasAnyGap,
    flows: flows.shown,
    /** What the ledger has of the messages of a burst; undefined if it has none, or forgot them. */
    burstTally: (id: string) => ledger.bursts.of(id),
    /** What sidecars report, with the replicas wanted. */
    services: () => services.list(options.config().replicas),
    /** The journey of a message; `dropped` if it was settled so long ago that it is no longer kept. */
    journey(id: string) {
      const found = ledger.find(id)
      const journey = found && traces.get(found.sequence, found.seq)
      if (journey) return view(journey)
      return found && ledger.wasAttempted(found.sequence, found.seq) ? ('dropped' as const) : undefined
    },
    /** Newest first. Throws `InvalidCursor`. */
    search: (query: Parameters<typeof search>[1]) => search({ order: traces.order, find, readBody }, query),
    /** Acknowledged publishes by event type since the data folder was made. */
    publishedByType() {
      const published: Record<string, number> = {}
      for (const [, type, { acked, recovered }] of ledger.publishes.entries()) {
        published[type] = (published[type] ?? 0) + acked + recovered
      }
      return published
    },
    /** Unsettled messages by event type, on the broker that the lab runs on and on others. */
    unsettledByType: () => Object.fromEntries(traces.openByType),
    /** What is unsettled of the messages of one broker. */
    unsettledOn: (name: BrokerName) => unsettledOfBroker(name, ledger, traces),
    /** Takes what the broker itself counts, once a second. */
    takeBrokerCounts(counts: BrokerSnapshot) {
      const { queues, partitions: counted } = counts
      metrics.takeQueueDepths(queues)
      metrics.takePartitions(partitions.take(counted))
      if (counted) suspectPassed(context, broker(), counted)
      else suspectGone(broker(), queues)
      enter(positionsOf(broker(), counts))
    },
    /** Puts records of the control plane's own doing into the journal. Throws if the disk does not take them. */
    tell: createOwnFrames((frames) => intake.takeFrames(frames)),
    /** What is wrong with telemetry itself, for a person. */
    problems: (): string[] => [
      ...(options.exports?.problems() ?? []),
      ...(intake.problem === undefined ? [] : [intake.problem]),
      ...(entries.problem === undefined ? [] : [entries.problem]),
      ...services
        .droppedFrames()
        .map(({ service, count }) => `${service} had to drop ${count} telemetry frames; its figures have a gap`),
      ...(intake.dedup.missing > 0 ? [`${intake.dedup.missing} telemetry frames never came; figures have a gap`] : []),
    ],
    /** For Prometheus. */
    telemetry: {
      missingFrames: () => intake.dedup.missing,
      refusedRecords: () => intake.refused,
      isStorable: () => intake.problem === undefined,
    },
    /** Opens the namespace `/agents`. To be called after `start`, so that nothing arrives before the past is known. */
    attach: (io: Server) => agents.attach(io),
    /** Samples the figures, and judges what the watermark has passed since; `samplesPerSecond` times a second. */
    tick() {
      metrics.sample()
      if (clock() - judgedAt >= judgeEveryMs) look()
    },
    /** Reads the journal. Rejects if the data folder cannot be used. */
    async start() {
      await intake.open()
      replayed = true
      sampler?.start()
    },
    /** Stops taking telemetry and writes the last checkpoint. */
    async close() {
      agents.close()
      await sampler?.stop()
      await intake.close()
    },
  }
}
