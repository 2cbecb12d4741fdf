import type { Difference } from '#contracts/effects/declared/declared-event.ts'
import type { Resolution } from '../../journeys/apply/apply-resolution.ts'
import type { Findings } from '../findings.ts'

/** Decisions about contents of one look: the rest is in the findings only. */
const decidedAtMost = 10_000
const namedFields = 5

/** What a look at contents found: findings for the audit, and what is to be entered into the ledger. */
export class ContentVerdicts {
  readonly decided: Resolution[] = []
  readonly #findings: Findings
  readonly #now: () => number

  constructor(findings: Findings, now: () => number) {
    this.#findings = findings
    this.#now = now
  }

  /** An effect of `group` that says something else than its event. */
  effect(
    id: string,
    group: string,
    what: 'row' | 'mail',
    found: { differences: Difference[]; isExplained: boolean },
  ): void {
    const { differences, isExplained } = found
    if (differences.length === 0) return
    const says = isExplained
      ? 'says what a redrive with edited data said, and not what was published'
      : 'does not say what its event says'
    const detail = `the ${what} of ${group} ${says}: ${fieldsOf(differences)}`
    const kind = isExplained ? 'effect_explained' : 'effect_differs'
    this.#findings.add({ kind, weight: isExplained ? 'note' : 'fail', group, id, detail, differences })
    if (!isExplained) this.#decide('differs', id, group)
  }

  /** The row of a key says what `older` says, though `group` delivered `newer`. */
  stale(older: string, newer: string, group: string, row: string): void {
    const detail = `a row of ${group} is of an older event than the newest one of its key that was delivered`
    const differences = [{ field: row, expected: newer, actual: older }]
    this.#findings.add({ kind: 'stale_effect', weight: 'fail', group, id: older, detail, differences })
    this.#decide('stale', older, group)
  }

  /** A copy that the broker holds `where` differs from what was published; `why` says who made it so by right. */
  copy(id: string, where: string, group: string | undefined, differences: Difference[], why: string | undefined): void {
    if (differences.length === 0) return
    const kind = why === undefined ? 'altered_message' : 'alteration_explained'
    const detail = `${where} holds a copy that differs from what was published${why === undefined ? '' : `, ${why}`}: ${fieldsOf(differences)}`
    this.#findings.add({
      kind,
      weight: why === undefined ? 'fail' : 'note',
      id,
      detail,
      differences,
      ...(group === undefined ? {} : { group }),
    })
    if (why === undefined) this.#decide('altered', id, group)
  }

  /** Messages whose effect nobody looked at. */
  unseen(group: string, count: number, reason: string): void {
    if (count > 0) this.#findings.add({ kind: 'content_not_compared', weight: 'doubt', group, count, detail: reason })
  }

  #decide(what: Resolution['what'], id: string, group: string | undefined): void {
    if (this.decided.length >= decidedAtMost) return
    this.decided.push({ what, id, at: this.#now(), ...(group === undefined ? {} : { group }) })
  }
}

/** Names of fields without their numbers, so that alike differences are one line. */
function fieldsOf(differences: readonly Difference[]): string {
  const names = [...new Set(differences.map(({ field }) => field.replace(/\[\d+\]/g, '[]')))]
  const more = names.length > namedFields ? ` and ${names.length - namedFields} more` : ''
  return names.slice(0, namedFields).join(', ') + more
}
