import type { CheckValues, Comparison, Condition } from '../api/run.ts'

const compare: Record<Comparison, (value: number, wanted: number) => boolean> = {
  '==': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '<': (value, wanted) => value < wanted,
  '<=': (value, wanted) => value <= wanted,
  '>': (value, wanted) => value > wanted,
  '>=': (value, wanted) => value >= wanted,
}

/** Whether every figure is as wanted; undefined if there is none, or where one is not known and the others are as wanted. */
export function holds({ op, value: wanted }: Condition, values: CheckValues): boolean | undefined {
  const figures = Object.values(values)
  if (figures.some((figure) => figure !== null && !compare[op](figure, wanted))) return false
  return figures.length === 0 || figures.includes(null) ? undefined : true
}

/** Whether any figure is as an abort condition says. */
export const breaks = ({ op, value: wanted }: Condition, values: CheckValues): boolean =>
  Object.values(values).some((figure) => figure !== null && compare[op](figure, wanted))

/** `consumer-db 12, consumer-email none`. */
export function valuesInWords(values: CheckValues): string {
  const entries = Object.entries(values)
  if (entries.length === 0) return 'no figure'
  const shown = (value: number | null): string => (value === null ? 'none' : String(Math.round(value * 100) / 100))
  return entries.map(([name, value]) => (name === '' ? shown(value) : `${name} ${shown(value)}`)).join(', ')
}
