import type { DataValidationCxt } from 'ajv/dist/types/index.js'
import { decimalOf } from '../events/decimal.ts'
import { ExactJson } from '../events/exact-json.ts'

/**
 * Knows of each number that a validator sees which digits it was given. A validator computes with JavaScript's numbers, and so it gets a
 * copy of schema and data; keywords that compare numbers ask here for what the copy is of.
 */
export interface ExactTwins {
  /** A copy in which each number that JavaScript has no room for is one that is whole if it is, and has a fraction if it has one. */
  copyOf(value: unknown): unknown
  /** The next values that are asked for are within `root`, a copy. */
  enter(root: unknown): void
  ofData(value: unknown, at: DataValidationCxt | undefined): unknown
  ofSchema(parent: object, keyword: string, value: unknown): unknown
}

export function createExactTwins(): ExactTwins {
  /** Objects and arrays of which something was changed, by their copies. */
  const twins = new WeakMap<object, object>()
  let root: unknown

  function copyOf(value: unknown): unknown {
    if (value instanceof ExactJson) return standIn(String(value))
    if (typeof value !== 'object' || value === null) return value
    const copy = Array.isArray(value)
      ? value.map(copyOf)
      : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyOf(inner)]))
    twins.set(copy, value)
    return copy
  }

  const memberOf = (parent: object, name: string | number): unknown => {
    const twin = twins.get(parent)
    return twin !== undefined && Object.hasOwn(twin, name) ? (twin as Record<string, unknown>)[name] : undefined
  }

  return {
    copyOf,
    enter(copy) {
      root = copy
    },
    ofData(value, at) {
      if (typeof value === 'object' && value !== null) return twins.get(value) ?? value
      if (typeof value !== 'number' || at === undefined || value === root) return value
      const { parentData: parent, parentDataProperty: name } = at
      return (typeof parent === 'object' && parent !== null ? memberOf(parent, name) : undefined) ?? value
    },
    ofSchema: (parent, keyword, value) => memberOf(parent, keyword) ?? value,
  }
}

/** Only its type is looked at: a fraction that rounding would make whole, and a number beyond all, keep what they are. */
function standIn(number: string): number {
  const value = Number(number)
  const isWhole = Number(decimalOf(number).split('e')[1] ?? 0) >= 0
  if (isWhole) return Number.isFinite(value) ? value : Math.sign(value) * Number.MAX_VALUE
  return Number.isInteger(value) ? 0.5 : value
}
