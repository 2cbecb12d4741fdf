import type { DeadLetterCause } from '#contracts/api/dead-letter.ts'

/** What a redrive sends back, as `POST /api/dead-letters/redrive` takes it. */
export type RedriveTarget = { ids: string[] } | { cause: string } | { group: string } | { all: true }

/** Dead letters that are ticked: whole causes, and single ones of others. */
export interface ChosenLetters {
  causes: ReadonlySet<string>
  ids: ReadonlySet<string>
}

export const nothingSelected: ChosenLetters = { causes: new Set(), ids: new Set() }

/** Ticks or unticks a cause with all its letters; `idsOfCause` are those of its letters that are known. */
export function toggleCause(
  { causes, ids }: ChosenLetters,
  cause: string,
  idsOfCause: readonly string[],
): ChosenLetters {
  const next = new Set(causes)
  if (!next.delete(cause)) next.add(cause)
  const own = new Set(idsOfCause)
  return { causes: next, ids: new Set([...ids].filter((id) => !own.has(id))) }
}

/** Ticks or unticks one letter. Unticked in a whole cause, the others of it stay; the last one that was missing makes it whole. */
export function toggleLetter(
  { causes, ids }: ChosenLetters,
  { id, cause }: { id: string; cause: string },
  idsOfCause: readonly string[],
): ChosenLetters {
  if (causes.has(cause)) {
    const others = idsOfCause.filter((other) => other !== id)
    return { causes: without(causes, cause), ids: new Set([...ids, ...others]) }
  }
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  if (!idsOfCause.every((one) => next.has(one))) return { causes, ids: next }
  const own = new Set(idsOfCause)
  return { causes: new Set([...causes, cause]), ids: new Set([...next].filter((one) => !own.has(one))) }
}

/** Leaves out what no longer is there. `known`: ids by cause, as far as they were loaded. */
export function prune(
  { causes, ids }: ChosenLetters,
  standing: readonly DeadLetterCause[],
  known: ReadonlyMap<string, readonly { id: string }[]>,
): ChosenLetters {
  const keys = new Set(standing.map(({ key }) => key))
  const there = new Set([...known].flatMap(([key, items]) => (keys.has(key) ? items.map(({ id }) => id) : [])))
  const next = {
    causes: new Set([...causes].filter((key) => keys.has(key))),
    ids: new Set([...ids].filter((id) => there.has(id))),
  }
  return next.causes.size === causes.size && next.ids.size === ids.size ? { causes, ids } : next
}

export const selectedCount = ({ causes, ids }: ChosenLetters, standing: readonly DeadLetterCause[]): number =>
  standing.reduce((sum, { key, count }) => sum + (causes.has(key) ? count : 0), ids.size)

/**
 * The widest name of what is ticked: a cause, a group or all of them also take what comes to them meanwhile. `shown` are the
 * causes in sight, of `group` where only that is shown. Undefined: nothing is ticked.
 */
export function targetOf(
  { causes, ids }: ChosenLetters,
  all: readonly DeadLetterCause[],
  idsOfCause: (key: string) => readonly string[],
): RedriveTarget | undefined {
  if (causes.size + ids.size === 0) return undefined
  if (ids.size === 0) {
    const whole = all.filter(({ key }) => causes.has(key))
    if (whole.length === all.length && all.length > 1) return { all: true }
    const [first] = whole
    if (first && whole.length === 1) return { cause: first.key }
    const ofGroup = all.filter(({ group }) => group === first?.group)
    if (first && whole.length === ofGroup.length && whole.every(({ group }) => group === first.group)) {
      return { group: first.group }
    }
  }
  return { ids: [...ids, ...[...causes].flatMap(idsOfCause)] }
}

/** How a target is written in the address; ids are too many for it and stay in this page. */
export function paramOf(target: RedriveTarget): string {
  if ('all' in target) return 'all'
  if ('group' in target) return `group:${target.group}`
  return 'cause' in target ? `cause:${target.cause}` : 'ids'
}

/** The target that the address names; `ids` are those that this page holds. */
export function targetFrom(param: string, ids: readonly string[]): RedriveTarget | undefined {
  if (param === 'all') return { all: true }
  const [kind, name] = [param.slice(0, param.indexOf(':')), param.slice(param.indexOf(':') + 1)]
  if (kind === 'group' && name !== '') return { group: name }
  if (kind === 'cause' && name !== '') return { cause: name }
  return param === 'ids' && ids.length > 0 ? { ids: [...ids] } : undefined
}

const without = (keys: ReadonlySet<string>, key: string): Set<string> => new Set([...keys].filter((one) => one !== key))
