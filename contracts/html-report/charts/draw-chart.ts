import type { Run } from '../../api/run.ts'
import { type Html, html } from '../html.ts'
import { type ChartXY, drawn } from './points.ts'
import type { ChartData, ReportSeries } from './run-series.ts'

const width = 920
const left = 64
const right = 16
const height = 120
const top = 14
const bottom = 8
/** Lines differ by colour and by dash. */
const dashes = ['', '6 3', '8 3 2 3', '1 4', '12 4', '4 2 1 2', '2 3']

/** Where a moment of the run is drawn. */
type Across = (t: number) => number

export const acrossOf =
  (lastMs: number): Across =>
  (t) =>
    round(left + ((width - left - right) * Math.min(Math.max(t, 0), lastMs)) / Math.max(1, lastMs))

const round = (value: number): number => Math.round(value * 10) / 10

/** Phases and faults as bars over the charts, with the axis of time below them. */
export function drawBands({ phases, faults, elapsedMs }: Run): Html {
  const x = acrossOf(elapsedMs)
  const shown = faults.filter(({ injectedAt, observedAt }) => (observedAt ?? injectedAt) !== undefined)
  const rows = phases.length > 0 ? 1 : 0
  const total = 24 * (rows + shown.length) + 20
  return html`<svg viewBox="0 0 ${width} ${total}" role="img" aria-label="Phases and faults over the time of the run; their times are in the tables below">
${phases.flatMap(({ name, beganAt, endedAt = elapsedMs }) =>
  beganAt === undefined
    ? []
    : [
        html`<rect class="phase" x="${x(beganAt)}" y="2" width="${Math.max(1, round(x(endedAt) - x(beganAt)))}" height="18"/><text x="${x(beganAt) + 4}" y="15">${fitting(name, x(endedAt) - x(beganAt) - 6)}</text>`,
      ],
)}
${shown.map(({ id, observedAt, injectedAt = 0, healedAt = elapsedMs }, index) => {
  const [from, y] = [x(observedAt ?? injectedAt), 24 * (rows + index) + 8]
  const after =
    x(healedAt) > width / 2
      ? html`<text text-anchor="end" x="${from - 5}" y="${y + 8}">${id}</text>`
      : html`<text x="${x(healedAt) + 5}" y="${y + 8}">${id}</text>`
  return html`<rect class="fault" x="${from}" y="${y}" width="${Math.max(2, round(x(healedAt) - from))}" height="6"/>${after}`
})}
${timeTicks(elapsedMs).map((t) => html`<text class="tick" text-anchor="middle" x="${x(t)}" y="${total - 4}">${t / 1_000} s</text>`)}
</svg>`
}

/** One chart with a line for each of its series, a band where a fault was in effect, and its legend. */
export function drawChart({ title, unit, series }: ChartData, { faults, phases, elapsedMs }: Run): Html {
  const x = acrossOf(elapsedMs)
  const most = Math.max(
    0,
    ...series.map(({ points }) => points.reduce((high, [, value]) => Math.max(high, value ?? 0), 0)),
  )
  const limit = roundUp(most)
  const y = (value: number): number => round(top + (height - top - bottom) * (1 - value / limit))
  const bands = faults.flatMap(({ observedAt, healedAt = elapsedMs }) =>
    observedAt === undefined
      ? []
      : [
          html`<rect class="band" x="${x(observedAt)}" y="${top}" width="${Math.max(1, round(x(healedAt) - x(observedAt)))}" height="${height - top - bottom}"/>`,
        ],
  )
  const begins = phases.flatMap(({ beganAt }) =>
    beganAt === undefined ? [] : [html`<path class="begin" d="M${x(beganAt)} ${top}V${height - bottom}"/>`],
  )
  const grid = [0, limit / 2, limit].map(
    (value) =>
      html`<path class="grid" d="M${left} ${y(value)}H${width - right}"/><text class="tick" text-anchor="end" x="${left - 6}" y="${y(value) + 4}">${short(value)}</text>`,
  )
  const lines = series.map(
    ({ points, look }) =>
      html`<path class="line s${look}" stroke-dasharray="${dashes[look] ?? ''}" d="${pathOf(drawn(points), x, y)}"/>`,
  )
  return html`<figure><figcaption><b>${title}</b> <span>${unit}</span> ${series.map(legend)}</figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}, ${unit}: ${series.map(highestOf).join(', ')}">${bands}${grid}${begins}${lines}</svg></figure>`
}

const legend = ({ name, look }: ReportSeries): Html =>
  html`<span class="key"><svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true"><path class="line s${look}" stroke-dasharray="${dashes[look] ?? ''}" d="M0 4H24"/></svg> ${name}</span> `

const highestOf = ({ name, points }: ReportSeries): string =>
  `${name} at most ${short(points.reduce((high, [, value]) => Math.max(high, value ?? 0), 0))}`

function pathOf(points: readonly ChartXY[], x: Across, y: (value: number) => number): string {
  let isDrawing = false
  return points
    .map(([t, value]) => {
      if (value === null) {
        isDrawing = false
        return ''
      }
      const step = `${isDrawing ? 'L' : 'M'}${x(t)} ${y(value)}`
      isDrawing = true
      return step
    })
    .join('')
}

/** As much of a name as there is room for. */
const fitting = (name: string, room: number): string => {
  const letters = Math.max(0, Math.floor(room / 7))
  return name.length <= letters ? name : letters < 3 ? '' : `${name.slice(0, letters - 1)}…`
}

function roundUp(most: number): number {
  if (most <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(most))
  return ([1, 2, 4, 5, 10].find((factor) => factor * power >= most) ?? 10) * power
}

const short = (value: number): string => (Math.round(value * 100) / 100).toLocaleString('en-US')

function timeTicks(lastMs: number): number[] {
  const step =
    1_000 * ([1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600].find((s) => lastMs / (s * 1_000) <= 12) ?? 7_200)
  return Array.from({ length: Math.floor(lastMs / step) + 1 }, (_, index) => index * step)
}
