import type { Histogram } from 'hdr-histogram-js'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { createShortMemory } from '#monitoring/short-memory.ts'
import { newHistogram, percentileMs, recordMs } from '../../metrics/latency-window.ts'

/** Deliveries that are remembered until their publish is known: consumers report through other sidecars than producers. */
const parkedMax = 50_000

interface Stream {
  /** Number of the message in the run, by its sequence number. */
  indexes: Map<number, number>
}

/**
 * How long the messages of a run took, from the moment at which each was due to be sent: a producer or a queue that is late cannot hide it.
 * Messages of the run are known by their trace: the first half of its id is that of the run, the second the number of the message.
 */
export class MessageTimes {
  /** Messages that were published and are not of the run. What a message of the run led to has its trace, and is none of them. */
  others = 0
  readonly #prefix: string
  readonly #due: number[] = []
  readonly #streams = new Map<string, Stream>()
  readonly #parked = createShortMemory<{ group: string; endedAt: number }[]>(parkedMax)
  /** Messages whose effect was counted, by group. */
  readonly #seen = new Map<string, Set<number>>()
  readonly #delivered = new Map<string, Histogram>()
  readonly #acked = newHistogram()

  /** `prefix`: 16 hexadecimal digits that no other run has. */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** Takes the next message, due at `at` in epoch milliseconds, and gives the trace context that it has to be sent with. */
  due(at: number): string {
    this.#due.push(at)
    const number = this.#due.length.toString(16).padStart(16, '0')
    return `00-${this.#prefix}${number}-${number}-01`
  }

  take(records: readonly TelemetryRecord[]): void {
    for (const record of records) {
      if (record.kind === 'publish.attempted') {
        const { producer, epoch, topic } = record
        for (const { seq, traceparent } of record.messages) {
          const index = this.#indexIn(traceparent)
          if (index === undefined) this.others += 1
          else this.#attempted(`${producer}:${epoch}:${topic}`, seq, index)
        }
      } else if (record.kind === 'publish.settled') {
        const indexes = this.#streams.get(`${record.producer}:${record.epoch}:${record.topic}`)?.indexes
        for (const { seq, state } of indexes ? record.outcomes : []) {
          const due = this.#due[indexes?.get(seq) ?? -1]
          if (due !== undefined && state === 'acked') recordMs(this.#acked, record.at - due)
        }
      } else if (record.kind === 'delivery.ended') {
        for (const { id, outcome, endedAt } of record.deliveries)
          if (outcome === 'ok') this.#ended(id, record.group, endedAt)
      }
    }
  }

  /** Counts `others` from now on. */
  forgetOthers(): void {
    this.others = 0
  }

  /** Milliseconds from due to effect; null if the group had none of the run's messages. */
  delivery(group: string, percentile: number): number | null {
    const histogram = this.#delivered.get(group)
    return histogram ? percentileMs(histogram, percentile) : null
  }

  /** Milliseconds from due to acknowledgement; null if none was acknowledged. */
  publish(percentile: number): number | null {
    return percentileMs(this.#acked, percentile)
  }

  #indexIn(traceparent: string): number | undefined {
    const traceId = traceparent.split('-')[1] ?? ''
    return traceId.startsWith(this.#prefix) ? Number.parseInt(traceId.slice(16), 16) - 1 : undefined
  }

  #attempted(name: string, seq: number, index: number): void {
    const stream = this.#streams.get(name) ?? { indexes: new Map() }
    this.#streams.set(name, stream)
    stream.indexes.set(seq, index)
    for (const { group, endedAt } of this.#parked.take(`${name}:${seq}`) ?? []) this.#record(index, group, endedAt)
  }

  #ended(id: string, group: string, endedAt: number): void {
    const cut = id.lastIndexOf(':')
    const index = this.#streams.get(id.slice(0, cut))?.indexes.get(Number(id.slice(cut + 1)))
    if (index === undefined) this.#parked.set(id, [...(this.#parked.get(id) ?? []), { group, endedAt }])
    else this.#record(index, group, endedAt)
  }

  /** A message that is handled twice had its effect the first time. */
  #record(index: number, group: string, endedAt: number): void {
    const seen = this.#seen.get(group) ?? new Set()
    this.#seen.set(group, seen)
    const due = this.#due[index]
    if (due === undefined || seen.has(index)) return
    seen.add(index)
    const histogram = this.#delivered.get(group) ?? newHistogram()
    this.#delivered.set(group, histogram)
    recordMs(histogram, endedAt - due)
  }
}
