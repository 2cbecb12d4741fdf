import type { QueueDefinition } from '../stores/queue-store.ts'
import { requestBytes } from './limits.ts'

/**
 * A queue of the simulator's own, that no client can name: no ARN, so that neither a URL nor a list leads to it. It lasts as long as everything
 * else in the store, and each of its messages for `retentionMs`.
 */
export function hiddenQueue(name: string, retentionMs: number, now: number): QueueDefinition {
  const settings = {
    visibilityTimeoutMs: 0,
    delayMs: 0,
    retentionMs,
    receiveWaitMs: 0,
    maximumMessageBytes: requestBytes,
  }
  return { name, arn: name, createdAt: now, modifiedAt: now, settings, attributes: {}, tags: {} }
}
