import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Server } from 'socket.io'
import { isLoopback } from '#contracts/host-port.ts'
import { publisherOf } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { type ApiSurface, addRoutes } from './api/add-routes.ts'
import type { ZodApp } from './api/zod-app.ts'
import { createContentReader } from './audit/contents/content-reader.ts'
import { faultsThatHold } from './audit/holding-faults.ts'
import { readableConsumers } from './audit/read-effects.ts'
import { openDiscardBook } from './dead-letters/discard-book.ts'
import { openDeadLetters } from './dead-letters/open-dead-letters.ts'
import { openRedriveHistory } from './dead-letters/redrive-history.ts'
import { defectNotice } from './defects/plant-defect.ts'
import { discardEntry } from './event-log/acts.ts'
import { labChangeEntry } from './event-log/lab-change-entry.ts'
import { loggedServices, loggedSubscriptions } from './event-log/logged-changes.ts'
import type { Exports } from './exports/open-exports.ts'
import { createEventTypes } from './lab/event-types.ts'
import { createServices } from './lab/services.ts'
import { createSubscriptions } from './lab/subscriptions.ts'
import type { LabText } from './lab-changes/lab-text.ts'
import { faultCollector } from './metrics/collectors/fault-collector.ts'
import { labCollector } from './metrics/collectors/lab-collector.ts'
import { createObservatory } from './observatory.ts'
import { openAudit } from './open-audit.ts'
import { logLabEvents } from './open-event-log.ts'
import { openHistory } from './open-history.ts'
import { openLab } from './open-lab.ts'
import { openLabChanges } from './open-lab-changes.ts'
import { openLabFaults } from './open-lab-faults.ts'
import { openLive } from './open-live.ts'
import { openProgramTraces } from './open-program-traces.ts'
import { openQueues } from './open-queues.ts'
import { openRecord } from './open-record.ts'
import { openScenarioRuns } from './open-runs.ts'
import { openSwitchboard } from './open-switchboard.ts'
import { createOutboxEmails, createWholeEmail } from './outbox/outbox-emails.ts'
import { createOutboxRows } from './outbox/outbox-rows.ts'
import type { WebEnv } from './process/env.ts'
import { createBurstOutcomes } from './publish/burst-outcomes.ts'
import { createBurstStore } from './publish/burst-store.ts'
import { createBursts } from './publish/bursts.ts'
import { createGate } from './publish/gate.ts'
import { createPublishQueue } from './publish/publish-queue.ts'
import { whatHolds } from './publish/what-holds.ts'
import { asyncApiOf } from './topology/async-api.ts'
import { createLabGraph } from './topology/lab-graph.ts'
import { readinessOf } from './topology/readiness.ts'

export interface ControlPlane {
  routes(app: ZodApp): void
  /** Reads what was kept, then opens the sockets of sidecars and viewers. Rejects if the data folder cannot be used. */
  start(io: Server): Promise<void>
  /** Takes no more publishes; resolves when those taken are answered. */
  drain(): Promise<void>
  close(): Promise<void>
}

export interface ControlPlaneSurroundings {
  /** The declared lab, and the text that declares it. */
  lab: { text: LabText; declaration: LabDeclaration }
  log: Logger
  version: string
  exports: Exports
}

/**
 * Introduces the parts of the control plane to each other. Each is made of those above it, and hears of what comes later by
 * listening. None of what they need has to be reachable yet: it is waited for.
 */
export async function openControlPlane(
  env: WebEnv,
  { lab: first, log, version, exports }: ControlPlaneSurroundings,
): Promise<ControlPlane> {
  const declared = await openLab(first.declaration, env, log)
  const { holder, state, prisma, events, validators, replicaCounts, currentLab } = declared
  const { broker, workers, eventType, parts } = declared
  const { declaration, consumers } = holder
  const sources = () => declaration().services.flatMap(({ name, body }) => (body.kind === 'source' ? [name] : []))
  const publisher = (type: string): string => publisherOf(declaration(), type)
  const startedAt = new Date().toISOString()
  const meters = createMeters('web')

  // What telemetry becomes.
  const contents = createContentReader(prisma)
  const programs = openProgramTraces({ declaration, token: env.token, agentToken: env.agentToken, meters, log })
  const discards = await openDiscardBook(state('discarded.jsonl'))
  const observatory = createObservatory({
    discards,
    consumers,
    isDeclared: holder.isSidecar,
    publisherOf: publisher,
    flows: () => declaration().flows,
    // Amazon's own counts settle about a minute after the last change.
    countsHeldMs: env.brokerSettings.AWS_ENDPOINT_URL === undefined ? 60_000 : 0,
    dataDir: env.dataDir,
    broker: broker.name,
    groupsOf: currentLab.groupsOf,
    grantEpochs: declared.epochs.grantAll,
    sidecarOf: holder.sidecarOf,
    hosted: holder.hosted,
    config: workers.config,
    events,
    agentToken: env.agentToken,
    log,
    meters,
    exports,
    sampled: { consumers: () => readableConsumers(consumers(), env.mailDestination), reader: contents },
    withReports: programs.addTo,
    clock: Date.now,
  })
  programs.follow(observatory)
  const { agents, records, services } = observatory
  const configure = () => agents.configure()
  const command: typeof agents.command = (...order) => agents.command(...order)
  currentLab.onChange(configure)
  broker.onCounts(observatory.takeBrokerCounts)

  const faults = await openLabFaults({ declared, observatory, brokerSettings: env.brokerSettings, log })
  meters.addCollector(exports.collector)
  meters.addCollector(faultCollector(faults))

  // What makes messages.
  const gate = createGate()
  const queue = createPublishQueue(command, publisher, gate, observatory.answers.acked)
  const bursts = createBursts({
    store: createBurstStore(prisma),
    publisherOf: publisher,
    sources,
    find: eventType,
    validator: validators.of,
    ...{ command, services, gate, log },
    tally: observatory.burstTally,
    onEnded: observatory.answers.burstEnded,
  })
  records.on({ burst: bursts.takeProgress })
  const { letterService, redrives, discard } = await openDeadLetters({
    path: state('redrives.json'),
    history: await openRedriveHistory(state('redriven.jsonl'), log),
    consumers,
    book: discards,
    ...{ broker, gate, eventType, log },
    onDiscarded: (group, removed) => void events.add(discardEntry(group, removed)),
    validator: validators.of,
    report: observatory.tell,
    journey: observatory.journey,
  })

  // Moving it all to another broker.
  const { available, switchboard, labBroker } = openSwitchboard({
    ...{ declared, observatory, gate, sources, configure, log },
    brokerSettings: env.brokerSettings,
  })

  // What is shown, asked and judged.
  const graph = createLabGraph({
    ...{ declaration, services, parts, retries: observatory.partitions.retries },
    lab: currentLab.lab,
    observed: () => ({ edges: observatory.metrics.flow.observed(), bindings: broker.bindings() }),
  })
  const notices = defectNotice(env.planted)
  /** What is wrong with the lab, for a person; parts that are made below add theirs. */
  const problems = [() => notices, () => parts().flatMap(({ problem }) => problem ?? [])]
  const lab = () => ({
    ...{ name: declaration().name, startedAt, version, broker: broker.name() },
    problems: problems.flatMap((list) => list()),
  })
  meters.addCollector(labCollector({ lab, parts, services }))
  const { mailDestination } = env
  const queues = openQueues({ declared, observatory, brokerSettings: env.brokerSettings })
  const { audit, reconciler } = await openAudit({
    ...{ observatory, prisma, broker, contents, discards, mailDestination, events, log, dataDir: env.dataDir },
    consumers,
    looks: declared.looks.all,
    isMade: (type) => eventType(type)?.builtIn === false,
    underWay: () => ({ ...gate.inFlight(), holding: faultsThatHold(faults.recent(0), declaration()) }),
    refusal: gate.refusal,
    readQueue: queues.copies,
  })
  const eventTypes = createEventTypes({
    currentLab,
    validators,
    publishedByType: observatory.publishedByType,
    heldBy: whatHolds({ unsettled: observatory.unsettledByType, gate }),
  })

  const scalable = loggedServices(createServices({ counts: replicaCounts, reported: services, configure }), events)
  const readiness = () =>
    readinessOf({ declaration: declaration(), parts: parts(), services: services(), stored: currentLab })
  const subscriptions = loggedSubscriptions(createSubscriptions(currentLab, broker.name), events)
  const runs = await openScenarioRuns({
    ...{
      declaration,
      dataDir: env.dataDir,
      version,
      observatory,
      broker,
      currentLab,
      validators,
      eventTypes,
    },
    ...{ queue, gate, switchboard, available },
    ...{ faults, subscriptions, services: scalable, redrives, audit, events, log },
  })
  const record = await openRecord({ dataDir: env.dataDir, observatory, broker, log })
  const live = openLive({
    ...{ observatory, graph, labBroker, lab, runs, events, meters, log },
    bursts: bursts.recent,
    faults: faults.recent,
  })
  const recording = openHistory({
    ...{ dataDir: env.dataDir, limits: env.history, observatory, events, lab, log },
    ...{ shared: live.shared, runs: runs.list },
  })
  problems.push(recording.problems)
  const changes = openLabChanges({
    ...{ text: first.text, declared, observatory, log },
    refusal: gate.refusal,
    isOpen: !isLoopback(env.host) && env.token === undefined,
    onChanged(plan) {
      events.add(labChangeEntry(plan))
      record.labChanged(plan)
    },
  })
  const brokerUrl = env.brokerSettings.AWS_ENDPOINT_URL

  const { topology } = graph
  const surface: ApiSurface = {
    ...record.over({
      ...{ queue, bursts, faults, subscriptions, services: scalable, eventTypes, redrives, broker: switchboard },
    }),
    ...{ recordings: record.recordings, validators, runs, discard, events, labBroker, audit },
    ...{ declaration, version, topology, brokerUrl, readiness, meters, mailDestination },
    burstOutcomes: createBurstOutcomes(observatory.search),
    ...{ messages: observatory, flows: observatory.flows, ledger: observatory.report, queues },
    ...{ reports: programs.reports, lab: currentLab.lab, labService: changes.labService },
    asyncApi: () => asyncApiOf(declaration(), currentLab.lab(), { version, brokerUrl }),
    deadLetters: letterService,
    emails: createOutboxEmails(prisma),
    wholeEmail: createWholeEmail(prisma),
    rows: createOutboxRows(prisma),
    history: observatory.metrics.history,
    past: recording.history,
    errorsText: () => readFile(join(process.cwd(), 'contracts', 'ERRORS.md'), 'utf8'),
  }

  // It begins.
  switchboard.start()
  const watch = setInterval(() => {
    bursts.watch()
    reconciler.tick()
  }, 1_000)
  const eventLogParts = { events, bursts, redrives, observatory, parts, dataDir: env.dataDir, version }
  const stopEventLog = logLabEvents(eventLogParts)
  void currentLab.start().then(async () => {
    if (!currentLab.loaded()) return
    await runs.recover().catch((error: unknown) => log.error({ err: error }, 'what a run left could not be taken back'))
    await bursts.restore().catch((error: unknown) => log.warn({ err: error }, 'earlier bursts could not be read'))
  })

  return {
    routes: (app) => addRoutes(app, surface),
    async start(io) {
      await observatory.start()
      live.attach(io)
      void recording.start().catch((error: unknown) => log.error({ err: error }, 'the history could not be read'))
    },
    async drain() {
      await runs.close()
      await record.recordings.close()
      await queue.drain()
    },
    async close() {
      clearInterval(watch)
      stopEventLog()
      declared.stopLooking()
      queues.close()
      await changes.close()
      await audit.close()
      await redrives.close()
      await validators.close()
      available.stop()
      await switchboard.stop()
      await broker.stop()
      await faults.close()
      live.close()
      await recording.close()
      await observatory.close()
      await events.flush()
      await prisma.$disconnect()
    },
  }
}
