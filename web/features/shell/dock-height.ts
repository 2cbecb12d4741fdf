/** Heights of the dock in pixels: its bar, open, and while working in it. */
export const closedHeight = 36
export const openHeight = 260
const tallHeight = 440
const stops = [openHeight, tallHeight]
/** The lowest that it can be dragged to, what an arrow key moves it by, and how near a stop it holds. */
const leastHeight = 120
const step = 20
const hold = 10
/** What the window keeps for the bars and the graph. */
const keptAbove = 340
/** The same where the dock opens by itself. */
const keptForTiles = 400
const key = 'faultline.dock-height'

/** The height of last time in this browser. */
export function readHeight(): number {
  const stored = Number(window.localStorage.getItem(key) ?? openHeight)
  return Number.isFinite(stored) && stored >= closedHeight && stored <= 2_000 ? stored : openHeight
}

export function storeHeight(height: number): void {
  window.localStorage.setItem(key, String(height))
}

/** The highest that the dock may be in a window of this height. */
export const mostHeight = (windowHeight: number): number => Math.max(leastHeight, windowHeight - keptAbove)

/** How high the dock opens by itself to be read in: the tall stop, or less where the graph would not have height for four of the lowest tiles in a column. */
export const readingHeight = (windowHeight: number): number =>
  Math.max(leastHeight, Math.min(tallHeight, windowHeight - keptForTiles))

/** The height for a pointer at `wanted`: within bounds, and at a stop if it is near one. */
export function draggedHeight(wanted: number, most: number): number {
  if (wanted < (closedHeight + leastHeight) / 2) return closedHeight
  const near = stops.find((stop) => Math.abs(stop - wanted) <= hold) ?? wanted
  return Math.round(Math.min(most, Math.max(leastHeight, near)))
}

/**
 * Where a key on the grip leads: the arrows move it by 20, and stop at a stop that lies between; Home closes it, End
 * opens it as far as it goes. Undefined for other keys.
 */
export function nextHeight(height: number, keyName: string, most: number): number | undefined {
  if (keyName === 'Home') return closedHeight
  if (keyName === 'End') return most
  if (keyName === 'ArrowUp') {
    if (height < leastHeight) return Math.min(most, leastHeight)
    return Math.min(most, stops.find((stop) => stop > height && stop < height + step) ?? height + step)
  }
  if (keyName === 'ArrowDown') {
    if (height <= leastHeight) return closedHeight
    return Math.max(leastHeight, stops.findLast((stop) => stop < height && stop > height - step) ?? height - step)
  }
  return undefined
}
