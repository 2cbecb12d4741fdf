import type { RowTable } from '../events/event-type.ts'
import { closestName } from '../yaml-document/closest-name.ts'

/** What is wrong with the table of an event: where within it, the cause, and the remedy. */
export interface TableProblem {
  path: readonly string[]
  cause: string
  remedy?: string
}

/**
 * What is wrong with the table of an event, whose form is right already.
 * @param example data of the event, in which every column has to find its field
 */
export function tableProblems({ key, columns }: RowTable, example: Record<string, unknown>): TableProblem[] {
  const missing = Object.entries(columns).flatMap(([column, source]): TableProblem[] => {
    const names = source.split('.').slice(1)
    const found = lookedUp(example, names)
    if (source === 'id' || source === 'type' || found.value !== undefined) return []
    const closest = closestName(found.missing, Object.keys(found.among))
    const right =
      closest === undefined ? [] : ['data', ...found.before, closest, ...names.slice(found.before.length + 1)]
    return [
      {
        path: ['columns', column],
        cause: `the example has nothing at ${source}`,
        remedy:
          right.length === 0
            ? 'name a field of the data, or give an example that has it'
            : `closest is ${right.join('.')}`,
      },
    ]
  })
  const source = columns[key]
  if (source === undefined) {
    const closest = closestName(key, Object.keys(columns))
    const remedy = closest === undefined ? `add ${key} to the columns` : `closest is ${closest}`
    return [...missing, { path: ['key'], cause: `is none of the columns`, remedy }]
  }
  const { value } = lookedUp(example, source.split('.').slice(1))
  if (source === 'id' || value === undefined || typeof value === 'string') return missing
  return [...missing, { path: ['key'], cause: `must be text, and the example has a ${typeof value} at ${source}` }]
}

/** The value at a path, or the first name that is not there, with what is. */
function lookedUp(
  data: Record<string, unknown>,
  names: readonly string[],
): { value: unknown; missing: string; before: string[]; among: Record<string, unknown> } {
  let among: unknown = data
  for (const [index, name] of names.entries()) {
    const map = typeof among === 'object' && among !== null ? (among as Record<string, unknown>) : {}
    if (!Object.hasOwn(map, name)) return { value: undefined, missing: name, before: names.slice(0, index), among: map }
    among = map[name]
  }
  return { value: among, missing: '', before: [...names], among: {} }
}
