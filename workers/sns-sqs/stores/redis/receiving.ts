import { maximumInFlight } from '../memory/memory-queue.ts'
import { type QueueSettings, type ReceiveOptions, type ReceiveResult, TooManyInFlight } from '../queue-store.ts'
import { receivedOf } from './answers.ts'
import type { Known, KnownQueue } from './known.ts'
import type { QueueDeps } from './operate.ts'
import { receiveScript } from './scripts/receive.ts'
import { receiveFifoScript } from './scripts/receive-fifo.ts'
import { Together } from './together.ts'

/** Messages that one call moves to a dead-letter queue or drops as expired, at most. */
export const chores = 200
/** Messages that one script receives at most, for all the requests that it serves. */
const mostTogether = 100

type Request = ReceiveOptions & { name: string }

/** Receives. Those of one standard queue with one timeout that come together are served by one script. */
export class Receiving {
  private readonly deps: QueueDeps
  private readonly together = new Together<Request, ReceiveResult>({
    run: (_, requests) => this.run(requests),
    weigh: ({ max }) => max,
    most: mostTogether,
  })

  constructor(deps: QueueDeps) {
    this.deps = deps
  }

  async receive(name: string, options: ReceiveOptions): Promise<ReceiveResult> {
    const request = { name, ...options }
    // In a FIFO queue a group belongs to one receiver at a time, so each asks for itself.
    if (name.endsWith('.fifo')) return (await this.run([request]))[0] ?? { messages: [] }
    return this.together.add(`${options.visibilityTimeoutMs ?? ''} ${name}`, request)
  }

  /** What the script took is given out in the order in which the requests came. */
  private async run(requests: Request[]): Promise<ReceiveResult[]> {
    const { operate, keys, sender, now: ownNow, tell } = this.deps
    const [{ name, visibilityTimeoutMs } = { name: '' }] = requests
    const max = requests.reduce((sum, request) => sum + request.max, 0)
    let number = 0
    let deadLetters: KnownQueue | undefined
    const script = (queue: KnownQueue) => (queue.fifo ? receiveFifoScript : receiveScript)
    const [answer, now, next, moved, ...fields] = await operate(name, script, (queue, known) => {
      number = queue.number
      const { settings, arn } = queue.definition
      deadLetters = deadLettersOf(name, known, settings)
      // Without its dead-letter queue a message stays where it is: delivered too often is better than lost.
      const allowed = deadLetters === undefined ? 0 : (settings.redrive?.maxReceiveCount ?? 0)
      const timeoutMs = visibilityTimeoutMs ?? settings.visibilityTimeoutMs
      return {
        moreKeys: deadLetters === undefined ? [] : keys.queue(deadLetters),
        args: [
          ...[sender, keys.channel, max, timeoutMs, settings.retentionMs, allowed, arn],
          ...[deadLetters?.number ?? 0, maximumInFlight, chores],
        ],
      }
    })
    if (answer === 'full') {
      throw new TooManyInFlight(`${name} has ${maximumInFlight} messages in flight; delete some first`)
    }
    if (moved === '1' && deadLetters !== undefined) tell(deadLetters.definition.name, 0)
    const messages = receivedOf(fields, number, Number(now))
    // The server's clock may differ from this machine's, on which the waiters' timers run.
    const later = next === '' ? {} : { nextVisibleAt: ownNow() + Math.max(0, Number(next) - Number(now)) }
    return requests.map((request) => ({ messages: messages.splice(0, request.max), ...later }))
  }
}

function deadLettersOf(name: string, known: Known, { redrive }: QueueSettings): KnownQueue | undefined {
  return redrive === undefined || redrive.deadLetterQueue === name
    ? undefined
    : known.byName.get(redrive.deadLetterQueue)
}
