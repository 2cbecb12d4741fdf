import type { SimulatorClock } from '../../clock.ts'
import { AwsError } from '../../protocol/aws-error.ts'
import type { QueueDefinition } from '../../stores/queue-store.ts'

/**
 * Calls of each action in a second, whether they carry one message or a batch of ten.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html
 */
const callsPerSecond = 300

/**
 * The throughput of FIFO queues as AWS limits it, where a simulator is asked to: 300 calls a second of each of send, receive and delete, single and
 * batched apart. A queue of high throughput (`perMessageGroupId`) has that many sends for each group, and as many receives and deletes as come.
 */
export class FifoThroughput {
  private readonly clock: SimulatorClock
  private second = 0
  /** Calls of this second by queue, action and group. */
  private readonly calls = new Map<string, number>()

  constructor(clock: SimulatorClock) {
    this.clock = clock
  }

  /** Counts a call; throws `RequestThrottled` if it is one too many. `groups`: of the messages that it sends. */
  count({ name, settings, attributes }: QueueDefinition, action: string, groups?: unknown[]): void {
    if (settings.fifo === undefined) return
    const second = Math.floor(this.clock.now() / 1000)
    if (second !== this.second) {
      this.second = second
      this.calls.clear()
    }
    if (attributes.FifoThroughputLimit !== 'perMessageGroupId') this.countOne(`${name} ${action}`)
    else for (const group of new Set(groups)) this.countOne(`${name} ${action} ${String(group)}`)
  }

  private countOne(key: string): void {
    const calls = (this.calls.get(key) ?? 0) + 1
    if (calls > callsPerSecond)
      throw new AwsError('RequestThrottled', 'The request was denied due to request throttling.')
    this.calls.set(key, calls)
  }
}
