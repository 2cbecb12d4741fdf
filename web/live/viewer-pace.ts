/** A report that costs less than this, in milliseconds with the wait for the screen, is not felt. */
const unfeltMs = 40
/** After a costly report this many times its cost is left to the reader's own frames. */
const restPerCost = 8
/** Longest rest, in milliseconds: also a browser that is slow shows a lab that lives. */
const longestRestMs = 500

/**
 * Milliseconds that a browser waits before it asks for the next report, by what the last one cost it. What happens meanwhile comes in one
 * report, so that drawing takes a small share of the time however much happens, and scrolling and dragging stay smooth.
 */
export const restAfter = (costMs: number): number =>
  costMs < unfeltMs ? 0 : Math.min(longestRestMs, costMs * restPerCost)

/** Calls `done` when the browser has painted what was just shown and has rested; after a second in a tab that nobody sees. */
export function afterPaint(done: () => void): void {
  if (document.hidden) return void setTimeout(done, 1_000)
  const shownAt = performance.now()
  requestAnimationFrame(() => {
    // Layout and paint follow the callback; a task after it runs when they are done.
    setTimeout(() => {
      const rest = restAfter(performance.now() - shownAt)
      if (rest === 0) done()
      else setTimeout(done, rest)
    })
  })
}
