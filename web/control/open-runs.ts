import { join } from 'node:path'
import type { Logger } from 'pino'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import type { Audit } from './audit/audit.ts'
import type { AvailableBrokers } from './broker/available-brokers.ts'
import type { BrokerSwitchboard } from './broker/broker-switch.ts'
import type { CurrentBroker } from './broker/current-broker.ts'
import { createSwitchedLab } from './broker/switched-lab.ts'
import type { Redrives } from './dead-letters/redrives.ts'
import type { EventLog } from './event-log/event-log.ts'
import { faultErrors } from './faults/check-fault.ts'
import { faultTargets } from './faults/fault-targets.ts'
import type { Faults } from './faults/faults.ts'
import type { CurrentLab } from './lab/current-lab.ts'
import type { DataValidators } from './lab/data-validators.ts'
import type { EventTypes } from './lab/event-types.ts'
import type { Services } from './lab/services.ts'
import type { Subscriptions } from './lab/subscriptions.ts'
import type { Observatory } from './observatory.ts'
import type { Gate } from './publish/gate.ts'
import type { PublishQueue } from './publish/publish-queue.ts'
import { auditAfterOthers } from './runs/audit-after-others.ts'
import { openRunJournals } from './runs/run-journals.ts'
import type { RunLab } from './runs/run-lab.ts'
import { openRuns as openRunRoom, type Runs } from './runs/runs.ts'
import { scenariosIn } from './runs/shipped-scenarios.ts'
import { openUndoStore } from './runs/undo.ts'

interface RunParts {
  /** The declared lab, as it is now. */
  declaration: () => LabDeclaration
  /** The data folder. */
  dataDir: string
  version: string
  observatory: Observatory
  broker: CurrentBroker
  switchboard: BrokerSwitchboard
  available: AvailableBrokers
  currentLab: CurrentLab
  validators: DataValidators
  eventTypes: EventTypes
  queue: PublishQueue
  gate: Gate
  faults: Faults
  subscriptions: Subscriptions
  services: Services
  redrives: Redrives
  audit: Audit
  events: EventLog
  log: Logger
}

/** Runs of scenarios, with the whole lab in their hands. */
export function openScenarioRuns(parts: RunParts): Promise<Runs> {
  const { declaration, observatory, broker, currentLab, log } = parts
  const lab: RunLab = {
    ...{ version: parts.version, broker: broker.name, name: () => declaration().name },
    switchTo: createSwitchedLab(parts.switchboard),
    targets() {
      const targets = faultTargets(declaration(), currentLab.lab(), observatory.services(), broker.name())
      return {
        ...{
          ...{ broker: targets.broker, brokers: parts.available.list() },
          services: targets.services,
          links: targets.links.flatMap(({ id, isShared }) => (isShared ? [] : [id])),
        },
        eventTypes: targets.eventTypes.map(({ name }) => name),
        flows: declaration().flows,
      }
    },
    ...{ eventType: parts.eventTypes.find, validator: parts.validators.of, queue: parts.queue, faults: parts.faults },
    ...{ subscriptions: parts.subscriptions, services: parts.services, eventTypes: parts.eventTypes },
    faultErrors(input) {
      const targets = faultTargets(declaration(), currentLab.lab(), observatory.services(), broker.name())
      return faultErrors(input, targets)
    },
    redrive: (input) => parts.redrives.start(input),
    ...{ report: observatory.report, flows: observatory.flows.figures, lag: () => observatory.metrics.lag() },
    lastSecond: () => observatory.metrics.charts.at(-1),
    audit: (timeoutMs, signal) => auditAfterOthers(parts.audit.run, timeoutMs, signal),
    ...{ onTelemetry: observatory.onTelemetry, refusal: parts.gate.refusal },
    lostSidecars: () => observatory.health.lostSidecars,
  }
  return openRunRoom({
    ...{ lab, events: parts.events, log },
    journals: openRunJournals(join(parts.dataDir, 'runs'), log),
    undoStore: openUndoStore(join(parts.dataDir, 'state', 'run-under-way.json')),
    scenarios: () => scenariosIn(join(process.cwd(), 'scenarios')),
  })
}
