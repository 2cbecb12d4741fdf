import type { FaultRun } from './fault-runs.ts'
import type { DefectResult } from './prove-defect.ts'

/** Rows with columns of one width, as Markdown has them. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n')
}

export const defectHead = ['Defect', 'Broker', 'Fault', 'Expected', 'Said', 'Harmed', 'Ids', 'Alarm', 'Holds']
export const defectCells = (one: DefectResult): string[] => [
  one.defect,
  one.broker,
  one.fault,
  one.expected,
  one.found,
  String(one.harmed),
  one.idsRight ? 'right' : 'wrong',
  one.alarmMs === null ? 'asked' : `${(one.alarmMs / 1_000).toFixed(1)} s`,
  one.problems.length === 0 ? 'yes' : 'NO',
]

export const runHead = ['Seed', 'Broker', 'Fault', 'Published', 'Counted', 'Holds']
export const runCells = ({ seed, broker, fault, published, counted, problems }: FaultRun): string[] => [
  String(seed),
  broker,
  fault,
  String(published),
  Object.entries(counted)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || '-',
  problems.length === 0 ? 'yes' : 'NO',
]
