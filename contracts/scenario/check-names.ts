import { faultList } from '../faults/fault-list.ts'
import { nameRemedy } from '../yaml-document/closest-name.ts'
import type { FileProblem } from '../yaml-document/file-problem.ts'
import type { Draft, UnreadItem } from './draft.ts'
import { metricNames } from './metrics.ts'

/**
 * Names that are there twice, and names that lead nowhere in items that could not be read whole: one mistake of an item hides no other.
 * Of items that could be read, `check-faults` and `check-checks` look names up.
 */
export function checkNames(draft: Draft): FileProblem[] {
  const { phases, faults, steadyState, assertions, abortOn } = draft
  return [
    ...twice(draft, ['phases'], 'name', phases, (name) => `there are two phases "${name}"`),
    ...twice(draft, ['faults'], 'id', faults, (id) => `there are two faults "${id}"`),
    ...twice(draft, checks, 'id', [...steadyState, ...assertions, ...abortOn], (id) => `there are two checks "${id}"`),
    ...draft.unread.flatMap((item) => unknownNames(draft, item)),
  ]
}

const checks = ['steadyState', 'assertions', 'abortOn'] as const

function twice(
  { document, unread }: Draft,
  lists: readonly UnreadItem['list'][],
  key: 'id' | 'name',
  read: readonly { value: { id?: string | undefined; name?: string | undefined }; path: readonly PropertyKey[] }[],
  cause: (name: string) => string,
): FileProblem[] {
  const others = unread.filter(({ list, isRight }) => lists.includes(list) && isRight(key))
  const named = [...read, ...others]
    .map(({ value, path }) => ({ name: value[key], path: [...path, key] }))
    .sort(
      (a, b) =>
        lists.indexOf(a.path[0] as never) - lists.indexOf(b.path[0] as never) || Number(a.path[1]) - Number(b.path[1]),
    )
  const seen = new Set<unknown>()
  return named.flatMap(({ name, path }) => {
    if (typeof name !== 'string') return []
    if (seen.has(name)) return [document.problemAt(path, cause(name), `give one another ${key}`)]
    seen.add(name)
    return []
  })
}

/** What the keys of an item name, by its list. */
function unknownNames({ document, named }: Draft, { list, value, path, isRight }: UnreadItem): FileProblem[] {
  const isCheck = (checks as readonly string[]).includes(list)
  const known: Record<string, [what: string, names: readonly string[]]> = {
    ...(isCheck ? { metric: ['metric', metricNames], after: ['fault', named.faults] } : {}),
    ...(list === 'faults'
      ? { type: ['fault', faultList.map(({ type }) => type)], through: ['phase', named.phases] }
      : {}),
    ...(list === 'phases' ? {} : { phase: ['phase', named.phases] }),
  }
  return Object.entries(known).flatMap(([key, [what, names]]) => {
    const name = value[key]
    if (typeof name !== 'string' || !isRight(key) || names.includes(name)) return []
    return [document.problemAt([...path, key], `there is no ${what} "${name}"`, nameRemedy(name, names))]
  })
}
