import type { DefectName } from '#contracts/defects.ts'
import { ackUnsent } from './ack-unsent.ts'
import { ackWhileRunning } from './ack-while-running.ts'
import { alterBody } from './alter-body.ts'
import { burstLies } from './burst-lies.ts'
import { commitBeforeHandling } from './commit-before-handling.ts'
import { deadLetterDelivered } from './dead-letter-delivered.ts'
import type { MakeDefect } from './defect.ts'
import { deleteReceiptEarly } from './delete-receipt-early.ts'
import { deliverPhantom } from './deliver-phantom.ts'
import { dropChildRows } from './drop-child-rows.ts'
import { dropOnRebalance } from './drop-on-rebalance.ts'
import { effectNotMade } from './effect-not-made.ts'
import { lateUpdate } from './late-update.ts'
import { loseLastBatch } from './lose-last-batch.ts'
import { retryEarly } from './retry-early.ts'
import { reuseEpoch } from './reuse-epoch.ts'
import { skipInbox } from './skip-inbox.ts'
import { skipNumber } from './skip-number.ts'
import { swallowError } from './swallow-error.ts'
import { swapColumns } from './swap-columns.ts'
import { telemetryTwice } from './telemetry-twice.ts'
import { wrongRecipient } from './wrong-recipient.ts'

/** Every defect of a worker. That of redrives is the control plane's: `web/control/defects`. */
export const workerDefects: Record<Exclude<DefectName, 'redrive-to-all'>, MakeDefect> = {
  'commit-before-handling': commitBeforeHandling,
  'ack-while-running': ackWhileRunning,
  'skip-number': skipNumber,
  'burst-lies': burstLies,
  'reuse-epoch': reuseEpoch,
  'delete-receipt-early': deleteReceiptEarly,
  'swallow-error': swallowError,
  'drop-on-rebalance': dropOnRebalance,
  'lose-last-batch': loseLastBatch,
  'skip-inbox': skipInbox,
  'retry-early': retryEarly,
  'dead-letter-delivered': deadLetterDelivered,
  'deliver-phantom': deliverPhantom,
  'telemetry-twice': telemetryTwice,
  'effect-not-made': effectNotMade,
  'ack-unsent': ackUnsent,
  'wrong-recipient': wrongRecipient,
  'swap-columns': swapColumns,
  'drop-child-rows': dropChildRows,
  'alter-body': alterBody,
  'late-update': lateUpdate,
}
