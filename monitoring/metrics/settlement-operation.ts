import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'

type Settlement = Extract<TelemetryRecord, { kind: 'delivery.settled' }>['settlement']

/** `messaging.operation.name` of each settlement, in metrics and in traces. */
export const settlementOperation = {
  acked: 'ack',
  released: 'release',
  dead_lettered: 'dead_letter',
  retrying: 'retry',
  fenced: 'refused',
} as const satisfies Record<Settlement, string>
