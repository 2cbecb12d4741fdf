import type { Action } from '../action.ts'
import { sqsMoveTaskActions } from './move-tasks.ts'
import { sqsPermissionActions } from './permissions.ts'
import { sqsQueueActions } from './queues.ts'
import { sqsReceiveActions } from './receive.ts'
import { sqsSendActions } from './send.ts'
import { sqsSettleActions } from './settle.ts'
import { sqsTagActions } from './tags.ts'

/** Every action of SQS by name: 23 of them. */
export const sqsActions: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    ...sqsQueueActions,
    ...sqsSendActions,
    ...sqsReceiveActions,
    ...sqsSettleActions,
    ...sqsTagActions,
    ...sqsPermissionActions,
    ...sqsMoveTaskActions,
  }),
)
