import { createHash } from 'node:crypto'
import type { EventTypeDefinition } from '#contracts/events/event-type.ts'
import type { PhaseFile, ScenarioFile } from '#contracts/scenario/scenario-file.ts'
import { ApiProblem } from '../../problem/problem.ts'
import type { RunLab } from '../run-lab.ts'
import type { MessageTimes } from '../watch/message-times.ts'
import { type Arrival, phaseStream } from './phase-stream.ts'

/** What became of the messages of a run, as the producer answers. `refused`: never handed to a broker. */
export interface SentCounts {
  due: number
  sent: number
  acked: number
  failed: number
  indeterminate: number
  refused: number
}

/**
 * Sends the messages of a run, open loop: each when it is due, whatever became of those before it. One that is sent late counts from the
 * time at which it was due.
 */
export class Sender {
  readonly counts: SentCounts = { due: 0, sent: 0, acked: 0, failed: 0, indeterminate: 0, refused: 0 }
  /** Why messages were refused: the first reason. */
  refusal: string | undefined
  readonly #hash = createHash('sha256')
  readonly #lab: Pick<RunLab, 'queue' | 'eventType'>
  readonly #times: MessageTimes
  #stream: Iterator<Arrival> | undefined
  #next: Arrival | undefined
  #beganAt = 0
  #digest: string | undefined

  constructor(lab: Pick<RunLab, 'queue' | 'eventType'>, times: MessageTimes) {
    this.#lab = lab
    this.#times = times
  }

  /** Begins a phase at `at`, epoch milliseconds. What was not sent of the phase before is left. */
  begin(file: ScenarioFile, phase: PhaseFile, seed: number, at: number): void {
    const eventType = (name: string): EventTypeDefinition | undefined => this.#lab.eventType(name)
    this.#stream = phaseStream({ file, phase, seed, firstIndex: this.counts.due, eventType })
    this.#beganAt = at
    this.#advance()
  }

  /** Hands over everything that is due at `now`. */
  sendDue(now: number): void {
    for (let next = this.#next; next !== undefined && this.#beganAt + next.dueMs <= now; next = this.#next) {
      this.#send(next)
      this.#advance()
    }
  }

  end(): void {
    this.#stream = undefined
    this.#next = undefined
  }

  /** SHA-256 over type, key and body of all that were due; nothing can be sent after it. */
  digest(): string {
    this.#digest ??= this.#hash.digest('hex')
    return this.#digest
  }

  #advance(): void {
    const step = this.#stream?.next()
    this.#next = step === undefined || step.done === true ? undefined : step.value
  }

  #send({ dueMs, type: name, message }: Arrival): void {
    const { counts } = this
    counts.due += 1
    const traceparent = this.#times.due(this.#beganAt + dueMs)
    if (!message) {
      this.#refuse(`the lab has no event type "${name}" at that moment`)
      return
    }
    const { type, made } = message
    this.#hash.update(`${JSON.stringify([type.name, made.key ?? null])}${made.body}\n`)
    const { topic, version } = type
    counts.sent += 1
    const event = {
      type: type.name,
      topic,
      version,
      body: made.body,
      traceparent,
      ...(made.key === undefined ? {} : { key: made.key }),
    }
    this.#lab.queue.publish(event, Buffer.byteLength(made.body)).then(
      () => {
        counts.acked += 1
      },
      (error: unknown) => this.#answered(error),
    )
  }

  #answered(error: unknown): void {
    const code = error instanceof ApiProblem ? error.code : undefined
    if (code === 'publish_indeterminate') this.counts.indeterminate += 1
    else if (code === 'publish_failed' || code === 'producer_down') this.counts.failed += 1
    else this.#refuse(error instanceof Error ? error.message : String(error))
  }

  #refuse(reason: string): void {
    this.counts.refused += 1
    this.refusal ??= reason
  }
}
