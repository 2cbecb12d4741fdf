import type { OtherRecords } from '../journeys/apply/apply-record.ts'

/** Hands the records that are not about messages to whoever wants them, in the order in which they asked. */
export class RecordListeners implements OtherRecords {
  readonly #listeners: Partial<OtherRecords>[] = []

  /** To be called before the journal is read: log lines and faults of the past come again. */
  on(listener: Partial<OtherRecords>): void {
    this.#listeners.push(listener)
  }

  log: OtherRecords['log'] = (line) => {
    for (const listener of this.#listeners) listener.log?.(line)
  }
  gauges: OtherRecords['gauges'] = (record) => {
    for (const listener of this.#listeners) listener.gauges?.(record)
  }
  burst: OtherRecords['burst'] = (record) => {
    for (const listener of this.#listeners) listener.burst?.(record)
  }
  fault: OtherRecords['fault'] = (record) => {
    for (const listener of this.#listeners) listener.fault?.(record)
  }
  assigned: OtherRecords['assigned'] = (record) => {
    for (const listener of this.#listeners) listener.assigned?.(record)
  }
}
