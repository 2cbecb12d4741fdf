/** Durations and numbers that a request may really ask for, so that a run of many requests ends. */
const bounds: Record<string, Record<string, { from: number; to: number; instead: number }>> = {
  startBurst: {
    count: { from: 21, to: 10_000_000, instead: 20 },
    durationMs: { from: 201, to: 3_600_000, instead: 200 },
    ratePerSecond: { from: 0.1, to: 100_000, instead: 200 },
  },
  auditLedger: { timeoutMs: { from: 501, to: 600_000, instead: 500 } },
  scaleService: { replicas: { from: 3, to: 1_000, instead: 2 } },
  injectFault: { durationMs: { from: 201, to: 2 ** 53, instead: 200 } },
}
const always: Record<string, Record<string, unknown>> = {
  auditLedger: { timeoutMs: 500 },
  injectFault: { durationMs: 200 },
}

/**
 * A body that asks for no more than a fuzz run can wait for: bursts are small, audits short, faults heal by themselves, and the lab stays
 * on its broker. Values beyond what the API takes stay as they are.
 */
export function tamed(operation: string, body: unknown): unknown {
  // An audit without a body waits for half a minute.
  if (operation === 'auditLedger' && body === null) return always.auditLedger
  if (typeof body !== 'object' || body === null || Array.isArray(body) || 'rawJson' in body) return body
  const own: Record<string, unknown> = { ...always[operation], ...body }
  for (const [name, { from, to, instead }] of Object.entries(bounds[operation] ?? {})) {
    const value = own[name]
    if (typeof value === 'number' && value >= from && value <= to) own[name] = instead
  }
  if (operation === 'switchBroker' && (own.broker === 'redis' || own.broker === 'kafka')) own.broker = 'local'
  if (operation === 'injectFault') delete own.startAt
  // Of what excludes each other, what comes first by chance.
  if (operation === 'startBurst') keepOne(own, ['count', 'durationMs'])
  if (operation === 'redriveDeadLetters') keepOne(own, ['ids', 'cause', 'group', 'all'])
  return own
}

function keepOne(own: Record<string, unknown>, names: readonly string[]): void {
  const given = names.filter((name) => name in own)
  for (const name of given.slice(1)) if (Object.keys(own).length % 2 === 0) delete own[name]
}
