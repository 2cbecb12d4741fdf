import type { ComparedFigure } from '#contracts/scenario-run/compared-figures.ts'
import type { Finding } from '#contracts/scenario-run/finding.ts'
import { count, durationWords } from '../words/figures.ts'

const named: [RegExp, (rest: string) => string][] = [
  [/^publish\.acked$/, () => 'Published'],
  [/^publish\.failed$/, () => 'Publishes that failed'],
  [/^publish\.indeterminate$/, () => 'Publishes of unknown fate'],
  [/^delivery\.latency\.(p50|p99) (.+)$/, (rest) => `${rest.replace(' ', ' to effect, ')}`],
  [/^consumer\.delivered (.+)$/, (group) => `Delivered, ${group}`],
  [/^consumer\.dead_lettered (.+)$/, (group) => `Dead letters, ${group}`],
  [/^consumer\.lag\.peak (.+)$/, (group) => `Peak lag, ${group}`],
  [/^consumer\.retrying\.peak (.+)$/, (group) => `Most retrying at once, ${group}`],
  [/^ledger\.(.+)$/, (name) => name.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())],
  [/^second_effects (.+)$/, (group) => `Second effects, ${group}`],
  [/^fault\.observed (.+)$/, (id) => `Fault ${id} took effect at`],
  [/^fault\.lasted (.+)$/, (id) => `Fault ${id} was in effect for`],
  [/^check (.+)$/, (id) => `Check ${id}`],
  [/^held_after (.+)$/, (id) => `Held after the fault, ${id}`],
  [/^drain$/, () => 'Time to drain'],
  [/^took$/, () => 'Took'],
]

/** A figure as a person calls it; what it is called in `--tolerate` if there is no other word. */
export function figureName(name: string): string {
  for (const [pattern, words] of named) {
    const found = pattern.exec(name)
    if (found) return words(found.slice(1).join(' '))
  }
  return name
}

/** A value with its unit. */
export const figureText = (value: number | null, { unit }: Pick<ComparedFigure, 'unit'>): string =>
  value === null ? 'none' : unit === 'ms' ? durationWords(value) : count(Math.round(value * 100) / 100)

/** How B differs: `+304`, `−186`, `+6.2 s`, `same`. */
export function differenceText(figure: ComparedFigure): string {
  const { a, b } = figure
  if (a === b) return 'same'
  if (a === null) return 'B alone'
  if (b === null) return 'A alone'
  return `${b > a ? '+' : '−'}${figureText(Math.abs(b - a), figure)}`
}

/** Numbers, from 1, of the findings that explain a figure. */
export const whyOf = (name: string, findings: readonly Finding[]): number[] =>
  findings.flatMap(({ figures }, index) =>
    figures.some((figure) => figure === name || name.startsWith(`${figure} `)) ? [index + 1] : [],
  )
