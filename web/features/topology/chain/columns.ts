import { type GraphLink, type Ranks, ranksOf } from './ranks.ts'

/** A box to be placed. Links meet it `port` below its upper edge. */
export interface ColumnBox {
  id: string
  width: number
  height: number
  port: number
}

/** Where a box is; lengths as given. */
export interface Box extends ColumnBox {
  /** From 0. */
  column: number
  x: number
  y: number
}

export interface Columns<Way extends GraphLink = GraphLink> {
  boxes: Map<string, Box>
  /** Left edge and width of each column. */
  columns: { x: number; width: number }[]
  width: number
  height: number
  back: Set<Way>
}

export interface Gaps {
  /** Between columns, and between the parts of a column that was broken into several. */
  x: number
  y: number
  /** A column higher than this is broken into several beside each other. */
  highest: number
}

/** How often the columns are sorted after their neighbours, there and back. */
const sweeps = 4

/**
 * Boxes in columns by longest path, sorted so that few links cross, each as near to what leads to it as there is room. The first
 * box of the longest way stays on one line. The same input gives the same answer. `least` as in `ranksOf`.
 */
export function inColumns<Way extends GraphLink>(
  items: readonly ColumnBox[],
  links: readonly Way[],
  gaps: Gaps,
  least?: (id: string) => number,
): Columns<Way> {
  const ranks = ranksOf(
    items.map(({ id }) => id),
    links,
    least,
  )
  const columns: ColumnBox[][] = []
  for (const item of items) {
    const at = ranks.rank.get(item.id) ?? 0
    while (columns.length <= at) columns.push([])
    columns[at]?.push(item)
  }
  const near = neighboursOf(items, links, ranks)
  sortColumns(columns, near, ranks.rank)
  const parts = columns.map((column) => broken(column, gaps))
  const lines = linesOf(parts, near, ranks, gaps)
  return { ...placed(parts, lines, gaps), back: ranks.back }
}

interface Neighbours {
  before: Map<string, string[]>
  after: Map<string, string[]>
}

function neighboursOf(
  items: readonly ColumnBox[],
  links: readonly GraphLink[],
  { back }: { back: ReadonlySet<GraphLink> },
): Neighbours {
  const empty = (): Map<string, string[]> => new Map(items.map(({ id }) => [id, []]))
  const near = { before: empty(), after: empty() }
  for (const link of links) {
    if (back.has(link)) continue
    near.before.get(link.to)?.push(link.from)
    near.after.get(link.from)?.push(link.to)
  }
  return near
}

const mean = (values: number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length

/** A link over so many columns more than one is drawn wholly below what it passes. */
const farColumns = 4

function sortColumns(columns: ColumnBox[][], near: Neighbours, rank: Map<string, number>): void {
  const at = new Map<string, number>()
  const number = (column: ColumnBox[]): void => {
    for (const [index, { id }] of column.entries()) at.set(id, (index + 0.5) / column.length)
  }
  for (const column of columns) number(column)
  // A link that passes other columns comes from below: its end is lower; its start is where that leads.
  const seen = (from: string, to: string): number => {
    const passed = Math.max(0, (rank.get(to) ?? 0) - (rank.get(from) ?? 0) - 1)
    const place = at.get(from) ?? 0.5
    return place + (1 - place) * Math.min(1, passed / farColumns)
  }
  const sort = (column: ColumnBox[], others: Map<string, string[]>): void => {
    const wanted = new Map(
      column.map(({ id }) => [id, mean((others.get(id) ?? []).map((other) => seen(other, id))) ?? at.get(id) ?? 0]),
    )
    column.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0))
    number(column)
  }
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (const column of columns) sort(column, near.before)
    for (const column of [...columns].reverse()) sort(column, near.after)
  }
}

/** A column in as many parts as its height asks for; what is next to each other stays at one height. */
function broken(column: ColumnBox[], gaps: Gaps): ColumnBox[][] {
  const height = column.reduce((sum, item) => sum + item.height + gaps.y, 0)
  const count = Math.max(1, Math.ceil(height / gaps.highest))
  const parts: ColumnBox[][] = Array.from({ length: count }, () => [])
  for (const [index, item] of column.entries()) parts[index % count]?.push(item)
  return parts
}

/** The line of each box, at which links meet it: 0 is the middle of the graph. */
function linesOf(
  parts: ColumnBox[][][],
  near: Neighbours,
  { remaining }: Pick<Ranks, 'remaining'>,
  gaps: Gaps,
): Map<string, number> {
  const lines = new Map<string, number>()
  // Who is followed by most has the say where two want one place.
  const weight = (id: string): number => 32 ** Math.min(5, remaining.get(id) ?? 0)
  const align = (columns: ColumnBox[][][], first: Map<string, string[]>, second: Map<string, string[]>): void => {
    for (const part of columns.flat()) {
      const wanted = part.map(({ id }) => {
        const known = [first, second].map((others) => weighted(others.get(id) ?? [], lines, weight))
        return known[0] ?? known[1] ?? lines.get(id) ?? 0
      })
      const placedLines = apart(
        part,
        wanted,
        part.map(({ id }) => weight(id)),
        gaps.y,
      )
      for (const [index, { id }] of part.entries()) lines.set(id, placedLines[index] ?? 0)
    }
  }
  const backwards = [...parts].reverse()
  align(parts, near.before, near.after)
  align(backwards, near.after, near.before)
  align(parts, near.before, near.after)
  return lines
}

/** The mean of the lines that are known, by the weight of those who have them. */
function weighted(
  ids: readonly string[],
  lines: Map<string, number>,
  weight: (id: string) => number,
): number | undefined {
  let sum = 0
  let total = 0
  for (const id of ids) {
    const line = lines.get(id)
    if (line === undefined) continue
    sum += weight(id) * line
    total += weight(id)
  }
  return total === 0 ? undefined : sum / total
}

/** Lines as near to the wanted ones as boxes that must not touch can have, in their order: least squares, by merging neighbours. */
export function apart(
  items: readonly ColumnBox[],
  wanted: readonly number[],
  weights: readonly number[],
  gap: number,
): number[] {
  const offsets: number[] = []
  let offset = 0
  for (const [index, item] of items.entries()) {
    const above = items[index - 1]
    if (above) offset += above.height - above.port + gap + item.port
    offsets.push(offset)
  }
  const blocks: { sum: number; weight: number; count: number }[] = []
  for (const [index, line] of wanted.entries()) {
    const weight = weights[index] ?? 1
    blocks.push({ sum: (line - (offsets[index] ?? 0)) * weight, weight, count: 1 })
    for (
      let last = blocks.at(-1), before = blocks.at(-2);
      last && before;
      last = blocks.at(-1), before = blocks.at(-2)
    ) {
      if (before.sum / before.weight <= last.sum / last.weight) break
      blocks.splice(-2, 2, {
        sum: before.sum + last.sum,
        weight: before.weight + last.weight,
        count: before.count + last.count,
      })
    }
  }
  return blocks
    .flatMap(({ sum, weight, count }) => Array.from({ length: count }, () => sum / weight))
    .map((line, index) => line + (offsets[index] ?? 0))
}

function placed(parts: ColumnBox[][][], lines: Map<string, number>, gaps: Gaps): Omit<Columns, 'back'> {
  const all = parts.flat(2)
  const topOf = (item: ColumnBox): number => Math.round((lines.get(item.id) ?? 0) - item.port)
  const top = Math.min(0, ...all.map(topOf))
  const boxes = new Map<string, Box>()
  const columns: Columns['columns'] = []
  let x = 0
  for (const [column, beside] of parts.entries()) {
    const widths = beside.map((part) => Math.max(0, ...part.map(({ width }) => width)))
    const width = widths.reduce((sum, one) => sum + one, 0) + gaps.x * (beside.length - 1)
    let left = x
    for (const [index, part] of beside.entries()) {
      const room = widths[index] ?? 0
      for (const item of part) {
        boxes.set(item.id, { ...item, column, x: left + (room - item.width) / 2, y: topOf(item) - top })
      }
      left += room + gaps.x
    }
    columns.push({ x, width })
    x += width + gaps.x
  }
  const height = Math.max(0, ...[...boxes.values()].map((box) => box.y + box.height))
  return { boxes, columns, width: Math.max(0, x - gaps.x), height }
}
