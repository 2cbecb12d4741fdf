import type { Logger } from 'pino'
import type { MailDestination, OutboxEmail, OutboxRow } from '#contracts/api/outbox.ts'
import type { TopologyDeclaration } from '#contracts/lab.ts'
import type { Meters } from '#monitoring/metrics/meters.ts'
import type { Audit } from '../audit/audit.ts'
import type { BrokerSwitchboard } from '../broker/broker-switch.ts'
import type { Bursts } from '../bursts/bursts.ts'
import type { Observatory, Registry } from '../control-ports.ts'
import type { DeadLetterDesk } from '../dead-letters/dead-letter-desk.ts'
import type { Redrives } from '../dead-letters/redrives.ts'
import type { EngineClient } from '../engines/engine-client.ts'
import type { EventLog } from '../event-log/event-log.ts'
import type { DataValidators } from '../event-types/data-validators.ts'
import type { EventTypes } from '../event-types/event-types.ts'
import type { Faults } from '../faults/faults.ts'
import type { OutboxPage, OutboxQuery } from '../outbox/outbox-page.ts'
import type { DeclaredLab } from '../registry/declared-lab.ts'
import type { Services } from '../services/services.ts'
import type { Subscriptions } from '../subscriptions/subscriptions.ts'
import type { AccessToken } from './access-token.ts'
import type { PublishQueue } from './publish-queue.ts'
import type { RequestGuard } from './request-guard.ts'

/** A part of the lab in `/readyz`. */
export interface ReadyPart {
  name: string
  ready: boolean
  /** Whether the lab is of no use without it. */
  required: boolean
  detail?: string | undefined
}

/** Everything that routes work on; tests give their own. */
export interface ApiContext {
  version: string
  declaration: TopologyDeclaration
  guard: RequestGuard
  token: AccessToken
  eventTypes: EventTypes
  validators: DataValidators
  subscriptions: Subscriptions
  services: Services
  broker: Pick<BrokerSwitchboard, 'request'>
  bursts: Bursts
  queue: PublishQueue
  faults: Faults
  events: Pick<EventLog, 'page'>
  deadLetters: DeadLetterDesk
  redrives: Redrives
  registry: Registry
  observatory: Pick<Observatory, 'journey' | 'ledger' | 'search'>
  audit: Pick<Audit, 'run'>
  /** What runs below the lab: brokers, database, mailbox. */
  engines: EngineClient
  meters: Pick<Meters, 'page' | 'contentType'>
  lab: () => DeclaredLab
  /** Where consumer-email sends, as web was told at its start. */
  mailDestination: MailDestination
  emails: (query: OutboxQuery) => Promise<OutboxPage<OutboxEmail>>
  rows: (query: OutboxQuery) => Promise<OutboxPage<OutboxRow>>
  readiness: () => ReadyPart[]
  brokerUrl?: string | undefined
  /** Text of contracts/ERRORS.md. */
  errorsText: () => Promise<string>
  log: Logger
}
