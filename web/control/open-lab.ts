import { join } from 'node:path'
import type { Logger } from 'pino'
import { startIdOf } from '#contracts/brokers/broker-choice.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { createPrisma } from '#prisma/client.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { brokerOptionsOf } from '#workers/broker/broker-settings.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { openBrokerFile } from './broker/broker-file.ts'
import { createCurrentBroker } from './broker/current-broker.ts'
import { plantControlDefect } from './defects/plant-defect.ts'
import { openEngineClient } from './engines/engine-client.ts'
import { databaseLook, mailboxLook, type PartHealth, startHealthProbe } from './engines/part-health.ts'
import { openEventLog } from './event-log/event-log.ts'
import { afterMigrations } from './lab/after-migrations.ts'
import { openCurrentLab } from './lab/current-lab.ts'
import { createDataValidators } from './lab/data-validators.ts'
import { eventTypeOf, initialLab, wiringOf } from './lab/declared-lab.ts'
import { createEpochGrants } from './lab/epoch-grants.ts'
import { createLabHolder } from './lab/lab-holder.ts'
import { createLabStore } from './lab/lab-store.ts'
import { openReplicaCounts } from './lab/replica-counts.ts'
import { openTypeLooks } from './lab/type-looks.ts'
import { createWorkerOrders } from './lab/worker-orders.ts'
import type { WebEnv } from './process/env.ts'

const poolSize = 5

/** What the lab is declared to be, what it runs on, and the broker that it is wired on now. */
export async function openLab(first: LabDeclaration, env: WebEnv, log: Logger) {
  const state = (name: string): string => join(env.dataDir, 'state', name)
  const engines = openEngineClient(process)
  const prisma = createPrisma(env.databaseUrl, { max: poolSize })
  const probes = [
    startHealthProbe('database', databaseLook(prisma)),
    startHealthProbe('mailbox', mailboxLook(env.smtpUrl)),
  ]
  const events = await openEventLog(state('event-log.jsonl'), log)

  const looks = await openTypeLooks(state('type-looks.json'))
  const declaration = { ...first, events: await looks.take(first.events) }
  const holder = createLabHolder(declaration)
  const store = await afterMigrations(createLabStore(prisma), prisma)
  const validators = createDataValidators()
  const replicaCounts = await openReplicaCounts(state('replicas.json'), holder.declaration)
  const currentLab = await openCurrentLab({ path: state('lab.json'), initial: initialLab(declaration), store, log })
  const wiring = () => wiringOf(currentLab.lab())

  const brokerFile = await openBrokerFile(state('broker.json'), {
    given: env.givenBroker,
    start: startIdOf(env.agentToken),
  })
  const openBroker = (name: BrokerName): Broker =>
    plantControlDefect(createBroker(brokerOptionsOf(env.brokerSettings, name)), env.planted)
  const broker = createCurrentBroker({
    name: brokerFile.broker,
    broker: openBroker(brokerFile.broker),
    ...{ wiring, log },
  })
  currentLab.beforeChange(broker.declare)

  return {
    ...{ holder, looks, state, engines, prisma, events, validators, replicaCounts, currentLab, wiring },
    ...{ brokerFile, openBroker, broker },
    epochs: createEpochGrants(state('epochs.json'), store),
    workers: createWorkerOrders({ currentLab, replicas: replicaCounts.all, broker: brokerFile.broker }),
    eventType: (name: string) => eventTypeOf(currentLab.lab(), name),
    /** The parts that are not workers, and whether each answers. */
    parts: (): PartHealth[] => [broker.health(), ...probes.map((probe) => probe.health())],
    /** Looks no more at what it runs on; what was begun ends by itself. */
    stopLooking() {
      engines.close()
      currentLab.stop()
      for (const probe of probes) probe.stop()
    },
  }
}
