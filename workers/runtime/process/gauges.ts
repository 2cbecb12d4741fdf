import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { GaugesRecord } from '#contracts/protocols/telemetry.ts'

const everyMs = 1_000
const delayResolutionMs = 10

export interface GaugesOptions {
  service: string
  instance: string
  /** Epoch milliseconds with a fraction. */
  now: () => number
  inHand: () => number
  report: (record: GaugesRecord) => void
}

/** Reports the process's own figures once a second until the returned function is called. Keeps no process alive. */
export function startGauges({ service, instance, now, inHand, report }: GaugesOptions): () => void {
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  delay.enable()
  let lastAt = performance.now()
  let lastCpu = process.cpuUsage()
  let dueAt = lastAt + everyMs
  let stopped = false
  const tell = (lateMs: number): void => {
    if (stopped) return
    const at = performance.now()
    const spent = process.cpuUsage(lastCpu)
    const { rss, heapUsed } = process.memoryUsage()
    // The histogram measures the whole interval of its own timer: what is above it is delay.
    const lagMs = delay.percentile(99) / 1e6 - delayResolutionMs
    report({
      kind: 'gauges',
      at: now(),
      service,
      instance,
      eventLoopLagMs: Math.max(0, lateMs, Number.isFinite(lagMs) ? lagMs : 0),
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      cpu: (spent.user + spent.system) / 1_000 / Math.max(1, at - lastAt),
      inHand: inHand(),
    })
    delay.reset()
    lastAt = at
    lastCpu = process.cpuUsage()
  }
  const timer = setInterval(() => {
    const lateMs = performance.now() - dueAt
    dueAt = performance.now() + everyMs
    // After a block this runs before the histogram's own timer does, and a reset forgets the interval that it is in.
    setImmediate(tell, lateMs)
  }, everyMs)
  timer.unref()
  return () => {
    stopped = true
    clearInterval(timer)
    delay.disable()
  }
}
