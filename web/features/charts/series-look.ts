/** How a line is drawn. Lines differ by dash as well as by colour. */
export interface SeriesLook {
  stroke: string
  strokeDasharray?: string
}

/** One line of a chart. */
export interface Series {
  key: string
  label: string
  /** As in every other chart. Absent: that of the first group. */
  look?: SeriesLook
  /** A line beside a weightier one of the same look. */
  thin?: boolean
}

/** Values of one moment, epoch milliseconds, by key of their series. */
export type ChartRow = { at: number } & Record<string, number | null>

const publishedLook: SeriesLook = { stroke: 'var(--series-3)', strokeDasharray: '2 3' }
const groupLooks: SeriesLook[] = [
  { stroke: 'var(--series-1)' },
  { stroke: 'var(--series-2)', strokeDasharray: '5 3' },
  { stroke: 'var(--series-1)', strokeDasharray: '8 3 2 3' },
  { stroke: 'var(--series-2)', strokeDasharray: '1 3' },
  { stroke: 'var(--series-3)', strokeDasharray: '10 3' },
]
/** Groups of every lab: they keep their looks when others join. */
const wellKnown = ['consumer-email', 'consumer-db']

/** The look of every group, the same in all charts; what is published is dotted. */
export function looksOf(groups: readonly string[]): (group: string | undefined) => SeriesLook {
  const order = [...wellKnown, ...groups.filter((group) => !wellKnown.includes(group)).toSorted()]
  return (group) =>
    group === undefined
      ? publishedLook
      : (groupLooks[Math.max(0, order.indexOf(group)) % groupLooks.length] ?? publishedLook)
}

const plainLook = looksOf([])('consumer-email')
/** What an SVG path needs to look like the series. */
export const lineOf = ({ look = plainLook, thin = false }: Series) => ({ ...look, strokeWidth: thin ? 1 : 1.5 })
