import { AnomalyBook } from '../../ledger/anomaly-book.ts'
import { Ledger } from '../../ledger/ledger.ts'
import { Processes } from '../../ledger/processes.ts'
import { Suspicions } from '../../ledger/suspicions.ts'
import { TelemetryHealth } from '../../ledger/telemetry-health.ts'
import { noFlow } from '../flow-sink.ts'
import { noFlows } from '../flow-tracker.ts'
import { TraceStore } from '../trace-store.ts'
import type { ApplyContext } from './apply-context.ts'
import { createApplyContext } from './create-apply-context.ts'

/**
 * A context over an empty ledger. Every type is owed to `consumer-email` and `consumer-db`; the latter promises a single
 * effect; both are done without one unless `needsEffect` says otherwise.
 */
export function testContext(
  given: Partial<Parameters<typeof createApplyContext>[0]> = {},
): ApplyContext & { health: TelemetryHealth } {
  const health = new TelemetryHealth()
  const context = createApplyContext({
    ledger: new Ledger(),
    traces: new TraceStore({ retain: () => {}, release: () => {} }),
    flow: noFlow,
    anomalies: new AnomalyBook((group) => ({ idempotent: group === 'consumer-db', body: { kind: 'source' } })),
    suspicions: new Suspicions(),
    processes: new Processes(),
    now: () => 1_000,
    owedGroups: () => ['consumer-email', 'consumer-db'],
    owedAtAnswer: () => undefined,
    needsEffect: () => false,
    hasGap: (service) => health.hasGap(service),
    repeated: (instance, id) => health.addRepeated(instance, id),
    unreported: (group) => health.addUnreported(group),
    audited: (at, accounts) => health.audited(at, accounts),
    flows: noFlows,
    ...given,
  })
  return Object.assign(context, { health })
}
