import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'

/** The whole life of consecutive messages through the given groups, as their processes report it. */
export function wholeLife(from: number, count: number, groups: readonly string[], at: number): TelemetryRecord[] {
  const seqs = Array.from({ length: count }, (_, index) => from + index)
  const ids = seqs.map((seq) => `producer-1:1:order_placed:${seq}`)
  const padded = (seq: number, length: number): string => String(seq).padStart(length, '0')
  const publish = { producer: 'producer-1', epoch: 1, topic: 'order_placed' }
  const records: TelemetryRecord[] = [
    {
      kind: 'publish.attempted',
      at,
      ...publish,
      messages: seqs.map((seq) => ({
        seq,
        type: 'order_placed',
        version: 1,
        key: `4f7a2c1e-93d0-4b6e-8a51-${padded(seq, 12)}`,
        traceparent: `00-${padded(seq, 32)}-${padded(seq, 16)}-01`,
        time: new Date(at).toISOString(),
        body: JSON.stringify({
          orderId: `4f7a2c1e-93d0-4b6e-8a51-${padded(seq, 12)}`,
          email: 'lin.okafor@example.com',
          items: [
            { sku: 'KB-87', qty: 1, price: 119 },
            { sku: 'CB-02', qty: 2, price: 9.5 },
          ],
          total: 138,
        }),
      })),
    },
    {
      kind: 'publish.settled',
      at: at + 2,
      ...publish,
      outcomes: seqs.map((seq) => ({ seq, state: 'acked', ref: `9b2f77aa-0d1c-4a6e-8a51-${padded(seq, 12)}` })),
    },
  ]
  for (const group of groups) {
    const who = { group, instance: `${group}-1` }
    const run = { attempt: 1, receiveCount: 1 }
    records.push(
      {
        kind: 'delivery.started',
        at: at + 5.25,
        ...who,
        deliveries: ids.map((id) => ({ id, ...run, receivedAt: at + 4.5 })),
      },
      {
        kind: 'delivery.ended',
        at: at + 8.5,
        ...who,
        deliveries: ids.map((id) => ({
          id,
          ...run,
          startedAt: at + 5.25,
          endedAt: at + 8.4,
          outcome: 'ok',
          effect: { kind: 'row', ref: `orders/${id}` },
        })),
      },
      { kind: 'delivery.settled', at: at + 9, ...who, settlement: 'acked', ids },
    )
  }
  return records
}
