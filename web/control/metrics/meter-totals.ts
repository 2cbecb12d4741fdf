import type { FlowMeters } from './flow-meters.ts'

/** Totals of every node and edge since the data folder was made, for a checkpoint. */
export type MeterTotals = [id: string, flow: number, errors: number, retries: number][]

export const meterTotals = (meters: FlowMeters): MeterTotals =>
  [...meters.byId].map(([id, { flow, errors, retries }]) => [id, flow.total, errors.total, retries.total])

export function restoreTotals(meters: FlowMeters, totals: MeterTotals): void {
  for (const [id, flow, errors, retries] of totals) {
    const [from, to] = id.split('->')
    const meter = from !== undefined && to !== undefined ? meters.edge(from, to) : meters.meter(id)
    meter.flow.total = flow
    meter.errors.total = errors
    meter.retries.total = retries
  }
}
