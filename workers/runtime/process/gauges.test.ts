import { expect, test } from 'vitest'
import { startGauges } from './gauges.ts'

test('reports a block of the event loop, wherever in the interval it ends', async () => {
  for (const [startsMs, lastsMs] of [
    // Ends before the report, and in the moment in which it is due.
    [100, 500],
    [600, 900],
  ] as const) {
    const lags: number[] = []
    let reported: () => void = () => undefined
    const report = new Promise<void>((resolve) => {
      reported = resolve
    })
    const stop = startGauges({
      ...{ service: 'consumer-db', instance: 'consumer-db-1', now: Date.now, inHand: () => 0 },
      report({ eventLoopLagMs }) {
        lags.push(eventLoopLagMs)
        reported()
      },
    })
    setTimeout(() => {
      const until = performance.now() + lastsMs
      while (performance.now() < until);
    }, startsMs)
    // The gauges keep no process alive.
    const keep = setInterval(() => undefined, 1_000)
    await report
    clearInterval(keep)
    stop()
    expect(lags[0]).toBeGreaterThan(lastsMs / 2)
  }
})
