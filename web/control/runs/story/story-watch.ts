import type { LedgerReport } from '#contracts/api/ledger.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { LineWithoutTime } from '#contracts/scenario-run/journal-line.ts'
import type { RunLab } from '../run-lab.ts'
import type { LabFigures } from '../watch/lab-figures.ts'
import { AnomalyCounts, obligationsLine } from './anomaly-counts.ts'
import { Backlogs } from './backlogs.ts'
import { Hands } from './hands.ts'
import { MessageTallies } from './message-tallies.ts'
import { ReplicaSights } from './replica-sights.ts'

/** How often counts that grow are written down, in milliseconds; the first time and the last at once. */
const againMs = 5_000

/** Writes down what a narration of the run needs: what processes, partitions, messages and backlogs did. */
export class StoryWatch {
  readonly #lab: Pick<RunLab, 'services'>
  readonly #into: (at: number) => number
  readonly #tell: (line: LineWithoutTime) => void
  readonly #tallies: MessageTallies
  readonly #hands: Hands
  readonly #backlogs = new Backlogs()
  readonly #sights: ReplicaSights
  readonly #anomalies = new AnomalyCounts()
  readonly #reported = new Map<string, { text: string; at: number }>()

  /** `startedAt` in epoch milliseconds. */
  constructor(given: { lab: Pick<RunLab, 'services'>; startedAt: number; tell: (line: LineWithoutTime) => void }) {
    this.#lab = given.lab
    this.#tell = given.tell
    this.#into = (at) => Math.round(at - given.startedAt)
    this.#tallies = new MessageTallies(this.#into)
    this.#hands = new Hands(this.#into)
    this.#sights = new ReplicaSights(this.#into)
  }

  take(records: readonly TelemetryRecord[]): void {
    for (const record of records) {
      if (record.kind === 'delivery.started') this.#hands.started(record)
      else if (record.kind === 'delivery.ended') {
        this.#hands.ended(record)
        for (const delivery of record.deliveries) this.#tallies.take(record.group, delivery)
      } else if (record.kind === 'delivery.settled') this.#hands.settled(record)
      else if (record.kind === 'process.ended') {
        const { service, instance, how } = record
        const inHand = this.#hands.processEnded(record)
        this.#tell({
          ...{ kind: 'process', at: this.#into(record.at), service, instance, state: 'ended', how },
          ...(inHand === undefined ? {} : { inHand }),
        })
      } else if (record.kind === 'group.assigned') {
        const { group, instance, generation, reason, partitions } = record
        this.#tell({ kind: 'assignment', at: this.#into(record.at), group, instance, generation, reason, partitions })
      }
    }
  }

  /** Looks at the lab. `before` is the ledger at the begin of the run, `at` milliseconds into it. */
  look(figures: LabFigures, before: LedgerReport, at: number): void {
    for (const line of this.#sights.look(this.#lab.services.list())) this.#tell(line)
    for (const line of this.#backlogs.look(figures.of(lagOfEach), at)) this.#tell(line)
    this.#tellChanged(figures.report, before, at, againMs)
  }

  /** `others`: messages that were published since `before` and are not of the run. */
  finish(figures: LabFigures, { before, others }: { before: LedgerReport; others: number }, at: number): void {
    this.look(figures, before, at)
    for (const line of this.#backlogs.lines()) this.#tell(line)
    this.#tellChanged(figures.report, before, at, 0)
    this.#tell(obligationsLine(figures.report, before, others))
  }

  #tellChanged(report: LedgerReport, before: LedgerReport, at: number, everyMs: number): void {
    for (const line of [
      ...this.#tallies.lines(),
      ...this.#hands.lines(),
      ...this.#anomalies.lines(report, before, at),
    ]) {
      const key = keyOf(line)
      const text = JSON.stringify(line)
      const last = this.#reported.get(key)
      if (last && (last.text === text || at - last.at < everyMs)) continue
      this.#reported.set(key, { text, at })
      this.#tell(line)
    }
  }
}

const lagOfEach = { metric: 'consumer.lag', op: '>=', value: 0 } as const

function keyOf(line: LineWithoutTime): string {
  if (line.kind === 'hands') return `${line.kind} ${line.instance} ${line.endedAt}`
  if (line.kind === 'anomaly') return `${line.kind} ${line.name}`
  return `${line.kind} ${'group' in line ? line.group : ''}`
}
