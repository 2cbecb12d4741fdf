import type { AnomalyName } from '#contracts/api/ledger.ts'
import type { DefectName } from '#contracts/defects.ts'

/** A shipped scenario in a lab that has a mistake planted: it has to fail, and for the reason that its page gives. */
export interface Twin {
  /** Name of the scenario. */
  scenario: string
  defect: DefectName
  /** Who has the defect. Default: the usual service of that defect. */
  service?: string
  /** What the verdict has to name: an anomaly of the ledger, or a check of the scenario. */
  fails: { anomaly: AnomalyName } | { check: string }
}

/** A twin for every shipped scenario. The paragraph *Its twin* of each page in docs/scenarios says the same in words. */
export const twins: readonly Twin[] = [
  { scenario: 'broker-outage', defect: 'ack-unsent', fails: { anomaly: 'lost_message' } },
  { scenario: 'burst-and-backlog', defect: 'drop-child-rows', fails: { anomaly: 'effect_differs' } },
  { scenario: 'consumer-crash-and-retry', defect: 'commit-before-handling', fails: { anomaly: 'lost_message' } },
  { scenario: 'database-cut-off', defect: 'swallow-error', fails: { anomaly: 'lost_message' } },
  { scenario: 'dead-letters-and-redrive', defect: 'swallow-error', fails: { anomaly: 'lost_message' } },
  {
    ...{ scenario: 'dual-write-without-outbox', defect: 'reply-lost', service: 'orders-with-outbox' },
    fails: { anomaly: 'stalled_flow' },
  },
  { scenario: 'duplicate-storm', defect: 'skip-inbox', fails: { anomaly: 'duplicate_effect' } },
  { scenario: 'hot-key', defect: 'effect-not-made', fails: { anomaly: 'effect_differs' } },
  { scenario: 'lost-acknowledgement', defect: 'skip-number', fails: { anomaly: 'unsent_message' } },
  { scenario: 'new-event-type-while-running', defect: 'skip-number', fails: { anomaly: 'unsent_message' } },
  { scenario: 'older-update-after-newer', defect: 'late-update', fails: { anomaly: 'stale_effect' } },
  { scenario: 'poison-message', defect: 'commit-before-handling', fails: { anomaly: 'lost_message' } },
  { scenario: 'retry-storm-and-backoff', defect: 'retry-early', fails: { anomaly: 'early_retry' } },
  { scenario: 'rolling-restart', defect: 'lose-last-batch', fails: { anomaly: 'lost_message' } },
  {
    ...{ scenario: 'slow-consumer', defect: 'ack-while-running', service: 'consumer-email' },
    fails: { anomaly: 'premature_commit' },
  },
  {
    ...{ scenario: 'stalled-flow-in-a-chain', defect: 'reply-lost', service: 'warehouse' },
    fails: { anomaly: 'stalled_flow' },
  },
  { scenario: 'zombie-consumer', defect: 'skip-inbox', fails: { anomaly: 'duplicate_effect' } },
]

/** The twin's reason as a word: `lost_message`, `check recovered`. */
export const reasonOf = ({ fails }: Pick<Twin, 'fails'>): string =>
  'anomaly' in fails ? fails.anomaly : `check ${fails.check}`

/** Whether a verdict's reasons name that of the twin. */
export function isNamed({ fails }: Pick<Twin, 'fails'>, reasons: readonly string[]): boolean {
  if ('check' in fails) return reasons.some((reason) => reason.startsWith(`${fails.check}: `))
  return reasons.some((reason) => new RegExp(`\\b${fails.anomaly}\\b`).test(reason))
}
