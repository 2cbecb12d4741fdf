/** Heights of the dock in pixels: its bar, open, and while working in it. */
export const closedHeight = 36
export const openHeight = 260
export const tallHeight = 440
const stops = [closedHeight, openHeight, tallHeight]
const key = 'faultline.dock-height'

/** The height of last time in this browser. */
export function readHeight(): number {
  const stored = Number(window.localStorage.getItem(key) ?? openHeight)
  return Number.isFinite(stored) && stored >= closedHeight && stored <= 2_000 ? stored : openHeight
}

export function storeHeight(height: number): void {
  window.localStorage.setItem(key, String(height))
}

/** Where a key on the grip leads: the arrows to the next stop, Home and End to the ends. Undefined for other keys. */
export function nextHeight(height: number, keyName: string): number | undefined {
  if (keyName === 'ArrowUp') return stops.find((stop) => stop > height) ?? tallHeight
  if (keyName === 'ArrowDown') return stops.findLast((stop) => stop < height) ?? closedHeight
  if (keyName === 'Home') return closedHeight
  if (keyName === 'End') return tallHeight
  return undefined
}
