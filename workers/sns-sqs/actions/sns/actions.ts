import { snsPlatformActions } from './platforms.ts'
import { snsPublishActions } from './publish.ts'
import { snsSmsActions } from './sms.ts'
import type { SnsAction } from './sns-action.ts'
import { snsSubscriptionActions } from './subscriptions.ts'
import { snsTopicActions } from './topics.ts'

export const snsActions: ReadonlyMap<string, SnsAction> = new Map(
  Object.entries({
    ...snsTopicActions,
    ...snsSubscriptionActions,
    ...snsPublishActions,
    ...snsPlatformActions,
    ...snsSmsActions,
  }),
)
