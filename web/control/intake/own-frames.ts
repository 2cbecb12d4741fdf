import { randomUUID } from 'node:crypto'
import type { TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'

/**
 * What the control plane itself does to messages is reported as workers report, so that the journal holds it too. The answer puts
 * records into the journal and throws if the disk does not take them; then nothing is counted.
 */
export function createOwnFrames(take: (frames: TelemetryFrame[]) => unknown): (records: TelemetryRecord[]) => void {
  const incarnation = randomUUID()
  let seq = 0
  return (records) => {
    take([{ source: 'web', incarnation, seq: seq + 1, body: Buffer.from(JSON.stringify(records)) }])
    seq += 1
  }
}
