import { ExactJson, writeJson } from '#contracts/events/exact-json.ts'

const width = 76

/**
 * JSON as a person writes it: two spaces a level, and what is short enough stays on one line. Keys keep their order.
 * The outermost object or array is always opened up. An `ExactJson` is printed as it is written.
 */
export function printJson(value: unknown): string {
  return print(value, '', 0, true)
}

function print(value: unknown, indent: string, used: number, open: boolean): string {
  if (!isTree(value)) return leaf(value)
  const line = inline(value)
  if (line === '{}' || line === '[]') return line
  if (!open && indent.length + used + line.length <= width && depth(value) <= 2) return line
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => deeper + print(item, deeper, 0, false)).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => {
      const label = `${JSON.stringify(key)}: `
      return deeper + label + print(item, deeper, label.length + 1, false)
    })
  return `{\n${entries.join(',\n')}\n${indent}}`
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (!isTree(value)) return leaf(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`).join(', ')} }`
}

function depth(value: unknown): number {
  if (!isTree(value)) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depth))
}

const isTree = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof ExactJson)

const leaf = (value: unknown): string => (value === undefined ? 'null' : writeJson(value))
