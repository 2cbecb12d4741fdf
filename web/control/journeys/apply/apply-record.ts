import type {
  BurstProgressRecord,
  FaultObservedRecord,
  GaugesRecord,
  GroupAssignedRecord,
  LogRecord,
  TelemetryRecord,
} from '#contracts/protocols/telemetry.ts'
import type { JournalPlace } from '../place.ts'
import type { ApplyContext } from './apply-context.ts'
import { applyDeliverySettled, applyEnded, applyRedriven, applyStarted } from './apply-deliveries.ts'
import { applyAttempted, applySettled } from './apply-publish.ts'
import { interruptRuns, settleDelivered } from './obligations.ts'

/** Takes the records that are not about messages alone. */
export interface OtherRecords {
  log(line: LogRecord): void
  gauges(record: GaugesRecord): void
  burst(record: BurstProgressRecord): void
  fault(record: FaultObservedRecord): void
  assigned(record: GroupAssignedRecord): void
}

/** Applies one record to ledger, traces and metrics. One that was applied before changes nothing. */
export function applyRecord(
  context: ApplyContext,
  other: OtherRecords,
  record: TelemetryRecord,
  place: JournalPlace,
): void {
  context.flow.at(record.at)
  switch (record.kind) {
    case 'publish.attempted':
      applyAttempted(context, record, place)
      settleDelivered(context, record.at)
      break
    case 'publish.settled':
      applySettled(context, record, place)
      settleDelivered(context, record.at)
      break
    case 'delivery.started':
      applyStarted(context, record, place)
      settleDelivered(context, record.at)
      break
    case 'delivery.ended':
      applyEnded(context, record, place)
      break
    case 'delivery.settled':
      applyDeliverySettled(context, record, place)
      break
    case 'delivery.redriven':
      applyRedriven(context, record, place)
      break
    case 'process.ended':
      if (context.processes.ended(record.instance, record.incarnation)) interruptRuns(context, record.instance, record)
      break
    case 'log':
      attachLog(context, record, place)
      other.log(record)
      break
    case 'gauges':
      other.gauges(record)
      break
    case 'burst.progress':
      other.burst(record)
      break
    case 'fault.observed':
      other.fault(record)
      break
    case 'group.assigned':
      other.assigned(record)
  }
}

/** Shows the line with the journey that it names, where that is still kept. */
function attachLog({ ledger, traces }: ApplyContext, line: LogRecord, place: JournalPlace): void {
  const found = line.messageId === undefined ? undefined : ledger.find(line.messageId)
  const journey = found && traces.get(found.sequence, found.seq)
  if (!journey) return
  traces.touch(journey, place)
  traces.addLog(journey, line)
}
