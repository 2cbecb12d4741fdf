import { createHash } from 'node:crypto'

/**
 * The span of one handler run, 16 hexadecimal digits. It follows from what names the run, so that a worker can write it into its log lines and
 * web into the span that it makes of telemetry, without telling each other.
 */
export function processSpanId(run: { id: string; group: string; attempt: number; receiveCount: number }): string {
  const name = `${run.id}\n${run.group}\n${run.attempt}\n${run.receiveCount}`
  const id = createHash('sha1').update(name).digest('hex').slice(0, 16)
  // All zeros is what W3C trace context calls invalid.
  return id === '0000000000000000' ? '0000000000000001' : id
}
