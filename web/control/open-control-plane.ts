import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { startIdOf } from '#contracts/brokers/broker-choice.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import type { TopologyDeclaration } from '#contracts/lab.ts'
import { createMeters } from '#monitoring/metrics/meters.ts'
import { createPrisma } from '#prisma/client.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { createAccessToken } from './api/access-token.ts'
import type { ApiContext } from './api/api-context.ts'
import { createPublishQueue } from './api/publish-queue.ts'
import { createRequestGuard } from './api/request-guard.ts'
import { createAudit } from './audit/audit.ts'
import { createEffectReader } from './audit/effect-reader.ts'
import { faultsThatHold } from './audit/holding-faults.ts'
import { startEngines, watchAvailableBrokers } from './broker/available-brokers.ts'
import { brokerAddress } from './broker/broker-address.ts'
import { openBrokerFile } from './broker/broker-file.ts'
import { createBrokerSwitch } from './broker/broker-switch.ts'
import { createCurrentBroker } from './broker/current-broker.ts'
import { createLabBrokerView } from './broker/lab-broker-view.ts'
import { createBurstStore } from './bursts/burst-store.ts'
import { type Bursts, createBursts } from './bursts/bursts.ts'
import type { Registry } from './control-ports.ts'
import { openDeadLetters } from './dead-letters/open-dead-letters.ts'
import { defectNotice, plantDefect } from './defects/plant-defect.ts'
import { openEngineClient } from './engines/engine-client.ts'
import type { WebEnv } from './env.ts'
import { openEventLog } from './event-log/event-log.ts'
import { watchLifecycle } from './event-log/lifecycle.ts'
import { createDataValidators } from './event-types/data-validators.ts'
import { createEventTypes } from './event-types/event-types.ts'
import { whatHolds } from './event-types/what-holds.ts'
import type { Exports } from './exports/open-exports.ts'
import { brokerPower } from './faults/broker-power.ts'
import { faultGround } from './faults/fault-ground.ts'
import { createFaultStore } from './faults/fault-store.ts'
import { openFaults } from './faults/faults.ts'
import { faultCollector } from './metrics/collectors/fault-collector.ts'
import { labCollector } from './metrics/collectors/lab-collector.ts'
import { createObservatory } from './observatory.ts'
import { createOutboxEmails } from './outbox/outbox-emails.ts'
import { createOutboxRows } from './outbox/outbox-rows.ts'
import { eventTypeOf, initialLab, wiringOf } from './registry/declared-lab.ts'
import { createEpochGrants } from './registry/epoch-grants.ts'
import { openLabKeeper } from './registry/lab-keeper.ts'
import { createLabStore } from './registry/lab-store.ts'
import { createRegistry } from './registry/registry.ts'
import { openReplicaCounts } from './services/replica-counts.ts'
import { createServices } from './services/services.ts'
import { createSubscriptions } from './subscriptions/subscriptions.ts'
import { databaseLook, mailboxLook, type PartHealth, startHealthProbe } from './topology/part-health.ts'
import { readinessOf } from './topology/readiness.ts'

/** Connections to PostgreSQL. */
const poolSize = 5

export interface ControlPlane {
  context: ApiContext
  observatory: ReturnType<typeof createObservatory>
  /** Takes no more publishes; resolves when those taken are answered. */
  drain(): Promise<void>
  close(): Promise<void>
}

export interface ControlPlaneSurroundings {
  /** The declared lab. */
  lab: TopologyDeclaration
  log: Logger
  version: string
  exports: Exports
}

/** Introduces the parts of the control plane to each other. None of them has to be reachable yet: each is waited for. */
export async function openControlPlane(
  env: WebEnv,
  { lab: declaration, log, version, exports }: ControlPlaneSurroundings,
): Promise<ControlPlane> {
  const producer = declaration.producers[0]?.name ?? 'producer'
  const engines = openEngineClient(process)
  const prisma = createPrisma(env.databaseUrl, { max: poolSize })
  const labStore = createLabStore(prisma)
  const validators = createDataValidators()
  const state = (name: string): string => join(env.dataDir, 'state', name)
  const probes = [
    startHealthProbe('database', databaseLook(prisma)),
    startHealthProbe('mailbox', mailboxLook(env.smtpUrl)),
  ]
  const parts = (): PartHealth[] => [broker.health(), ...probes.map((probe) => probe.health())]

  const brokerFile = await openBrokerFile(state('broker.json'), {
    given: env.givenBroker,
    start: startIdOf(env.agentToken),
  })
  const replicaCounts = await openReplicaCounts(state('replicas.json'), declaration)
  const keeper = await openLabKeeper({
    path: state('lab.json'),
    initial: initialLab(declaration, builtInEventTypes),
    store: labStore,
    declare: (wiring) => broker.declare(wiring),
    configure: () => observatory.configure(),
    log,
  })
  const registry: Registry = createRegistry({
    declaration,
    keeper,
    epochs: createEpochGrants(state('epochs.json'), labStore),
    observed: () => ({ edges: observatory.observedEdges(), bindings: broker.bindings() }),
    services: () => observatory.services(),
    parts,
    notices: defectNotice(env.planted),
    bursts: () => bursts.recent(),
    workersOn: () => switchboard.workersOn(),
    labBroker: () => labBroker(),
    replicas: replicaCounts.all,
    lab: { startedAt: new Date().toISOString(), version },
  })
  const events = await openEventLog(state('event-log.jsonl'), log)
  const faults = await openFaults({
    store: createFaultStore(state('faults.json'), log),
    events,
    ground: () => faultGround(declaration, keeper.lab(), observatory.services(), registry.lab().broker),
    accepts: (name, data) => {
      const type = eventTypeOf(keeper.lab(), name)
      return type === undefined || validators.of(type)(data).length === 0
    },
    power: brokerPower(engines),
    push: (service, held) => observatory.holdFaults(service, held),
    log,
  })
  const meters = createMeters('web')
  const observatory = createObservatory({
    consumers: declaration.consumers,
    dataDir: env.dataDir,
    registry,
    faults,
    events,
    agentToken: env.agentToken,
    log,
    meters,
    exports,
    clock: Date.now,
  })
  meters.addCollector(exports.collector)
  meters.addCollector(faultCollector(faults))
  meters.addCollector(labCollector({ lab: registry.lab, parts, services: observatory.services }))
  const openBroker = (name: BrokerName): Broker =>
    plantDefect(createBroker(brokerOptionsOf(env.brokerSettings, name)), env.planted)
  const broker = createCurrentBroker({
    name: brokerFile.broker,
    broker: openBroker(brokerFile.broker),
    wiring: () => wiringOf(keeper.lab()),
    onCounts: (counts) => observatory.takeBrokerCounts(counts),
    log,
  })
  const bursts: Bursts = createBursts({
    store: createBurstStore(prisma),
    producer,
    find: (type) => eventTypeOf(keeper.lab(), type),
    validator: validators.of,
    command: observatory.command,
    services: observatory.services,
    refusal: () => switchboard.refusal(),
    log,
  })
  observatory.onBurst(bursts.takeProgress)
  const queue = createPublishQueue(observatory.command, producer, () => switchboard.refusal())
  const available = watchAvailableBrokers({
    addressOf: (name) => brokerAddress(env.brokerSettings, name),
    engines,
    current: () => ({ name: broker.name(), health: broker.health() }),
  })
  const switchboard = createBrokerSwitch({
    file: brokerFile,
    current: broker,
    availability: available.look,
    startEngines: (name, onDetail) => startEngines(engines, name, onDetail),
    open: openBroker,
    wiring: () => wiringOf(keeper.lab()),
    async stopSources() {
      await Promise.all([bursts.stopAll(), ...redrives.underWay().map(redrives.stop)])
    },
    underWay: () => ({ publishes: queue.pending(), bursts: bursts.runningCount() }),
    unsettled: observatory.unsettledOn,
    services: observatory.services,
    counts: replicaCounts.all,
    producers: declaration.producers.map(({ name }) => name),
    configure: observatory.configure,
    onEvent: (level, message) => events.add({ kind: 'lab', level, message }),
    log,
  })
  const labBroker = createLabBrokerView({
    current: broker.name,
    switchboard,
    available: available.list,
    unsettled: observatory.unsettledOn,
  })
  switchboard.start()
  const watch = setInterval(bursts.watch, 1_000)
  const stopLifecycle = watchLifecycle(() => ({ services: observatory.services(), parts: parts() }), events)
  events.add({ kind: 'lab', level: 'info', message: `the control plane started (version ${version})` })
  void keeper.start().then(async () => {
    if (!keeper.loaded()) return
    await bursts.restore().catch((error: unknown) => log.warn({ err: error }, 'earlier bursts could not be read'))
  })

  const { desk, redrives } = await openDeadLetters({
    path: state('redrives.json'),
    consumers: declaration.consumers,
    refusal: () => switchboard.refusal(),
    broker,
    eventType: (name) => eventTypeOf(keeper.lab(), name),
    validator: validators.of,
    report: observatory.report,
    journey: observatory.journey,
    log,
  })

  const audit = createAudit({
    books: observatory.books,
    broker: broker.name,
    inspect: broker.inspect,
    deadLetters: broker.deadLetters,
    unsettled: observatory.unsettledOn,
    underWay: () => ({
      publishes: queue.pending(),
      bursts: bursts.recent().flatMap(({ id, state }) => (state === 'running' ? [id] : [])),
      redrives: redrives.underWay(),
      holding: faultsThatHold(faults.recent(0), declaration),
    }),
    refusal: () => switchboard.refusal(),
    consumers: declaration.consumers,
    effects: createEffectReader(prisma),
    mailDestination: env.mailDestination,
    now: Date.now,
  })

  const heldBy = whatHolds({
    unsettled: observatory.unsettledByType,
    pending: queue.pending,
    bursts: bursts.recent,
  })
  const context: ApiContext = {
    version,
    declaration,
    guard: createRequestGuard({ host: env.host, allowedHosts: env.allowedHosts }),
    token: createAccessToken(env.token),
    eventTypes: createEventTypes({ keeper, publishedByType: observatory.publishedByType, heldBy }),
    validators,
    subscriptions: createSubscriptions(keeper, broker.name),
    services: createServices({
      counts: replicaCounts,
      reported: observatory.services,
      configure: observatory.configure,
    }),
    broker: switchboard,
    bursts,
    queue,
    faults,
    events,
    deadLetters: desk,
    redrives,
    registry,
    observatory,
    audit,
    engines,
    meters,
    lab: keeper.lab,
    emails: createOutboxEmails(prisma),
    rows: createOutboxRows(prisma),
    mailDestination: env.mailDestination,
    readiness: () =>
      readinessOf({ declaration, parts: parts(), services: observatory.services(), loaded: keeper.loaded() }),
    brokerUrl: env.brokerSettings.AWS_ENDPOINT_URL,
    errorsText: () => readFile(join(process.cwd(), 'contracts', 'ERRORS.md'), 'utf8'),
    log,
  }
  return {
    context,
    observatory,
    drain: queue.drain,
    async close() {
      clearInterval(watch)
      engines.close()
      stopLifecycle()
      keeper.stop()
      for (const probe of probes) probe.stop()
      await audit.close()
      await redrives.close()
      available.stop()
      await switchboard.stop()
      await broker.stop()
      await faults.close()
      await observatory.close()
      await events.flush()
      await prisma.$disconnect()
    },
  }
}
