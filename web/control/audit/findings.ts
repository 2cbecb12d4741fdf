import { auditSampleLimit, type ContentDifference, type Disagreement } from '#contracts/api/audit.ts'

/** One thing that witnesses disagree on: a message, or a count that no message is named for. */
export interface AuditFinding extends Pick<Disagreement, 'kind' | 'weight' | 'group' | 'detail'> {
  id?: string
  /** Default 1. */
  count?: number
  differences?: readonly Omit<ContentDifference, 'id'>[]
}

/** What witnesses disagree on, in the order in which it was found; alike findings are one line with its messages. */
export class Findings {
  readonly #lines = new Map<string, Disagreement>()

  add({ id, count = 1, differences = [], ...what }: AuditFinding): void {
    const key = `${what.kind} ${what.group} ${what.detail}`
    let line = this.#lines.get(key)
    if (!line) {
      line = { ...what, count: 0, samples: [] }
      this.#lines.set(key, line)
    }
    line.count += count
    if (id !== undefined && line.samples.length < auditSampleLimit && !line.samples.includes(id)) line.samples.push(id)
    if (id === undefined || differences.length === 0) return
    const room = auditSampleLimit - (line.differences?.length ?? 0)
    line.differences = [...(line.differences ?? []), ...differences.slice(0, room).map((one) => ({ id, ...one }))]
  }

  list(): Disagreement[] {
    return [...this.#lines.values()]
  }

  /** Messages or pieces that were found with this weight. */
  count(weight: Disagreement['weight']): number {
    return this.list().reduce((sum, line) => sum + (line.weight === weight ? line.count : 0), 0)
  }
}
