import type { DefectName } from '#contracts/defects.ts'
import type { MakeDefect } from './defect.ts'
import { deliverPhantom } from './deliver-phantom.ts'
import { dropChildRows } from './effects/drop-child-rows.ts'
import { effectNotMade } from './effects/effect-not-made.ts'
import { lateUpdate } from './effects/late-update.ts'
import { mailTwice } from './effects/mail-twice.ts'
import { skipInbox } from './effects/skip-inbox.ts'
import { swapColumns } from './effects/swap-columns.ts'
import { wrongRecipient } from './effects/wrong-recipient.ts'
import { childTwice } from './emitting/child-twice.ts'
import { childWithoutCauseAck } from './emitting/child-without-cause-ack.ts'
import { commitBeforeReply } from './emitting/commit-before-reply.ts'
import { replyLost } from './emitting/reply-lost.ts'
import { wrongCause } from './emitting/wrong-cause.ts'
import { ackUnsent } from './publishing/ack-unsent.ts'
import { alterBody } from './publishing/alter-body.ts'
import { burstLies } from './publishing/burst-lies.ts'
import { reuseEpoch } from './publishing/reuse-epoch.ts'
import { skipNumber } from './publishing/skip-number.ts'
import { ackWhileRunning } from './settling/ack-while-running.ts'
import { commitBeforeHandling } from './settling/commit-before-handling.ts'
import { commitPastEnd } from './settling/commit-past-end.ts'
import { deadLetterDelivered } from './settling/dead-letter-delivered.ts'
import { deleteReceiptEarly } from './settling/delete-receipt-early.ts'
import { dropOnRebalance } from './settling/drop-on-rebalance.ts'
import { loseLastBatch } from './settling/lose-last-batch.ts'
import { retryEarly } from './settling/retry-early.ts'
import { swallowError } from './settling/swallow-error.ts'
import { telemetryTwice } from './telemetry-twice.ts'

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
  'commit-past-end': commitPastEnd,
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
  'mail-twice': mailTwice,
  'late-update': lateUpdate,
  'child-without-cause-ack': childWithoutCauseAck,
  'child-twice': childTwice,
  'reply-lost': replyLost,
  'commit-before-reply': commitBeforeReply,
  'wrong-cause': wrongCause,
}
