import type { TelemetryAck, TelemetryFrame } from '#contracts/protocols/agent.ts'

/** Frames that the control plane has not acknowledged, in the order in which they came. */
export interface TelemetryBuffer {
  push(frame: TelemetryFrame): void
  /** The oldest frames, together at most `maxBytes` but at least one; empty if there are none. They stay. */
  oldest(maxBytes: number): TelemetryFrame[]
  /** Forgets what is safe; says whether that was anything. */
  acknowledge(ack: TelemetryAck): boolean
  length(): number
  /** Frames dropped since the start because the buffer was full. */
  dropped(): number
}

export interface TelemetryBufferOptions {
  maxBytes: number
  onDropped: (frames: number) => void
}

/** What a frame costs beside its body. */
const overheadBytes = 200
const framesPerPush = 1_000

/**
 * Bounded: when it is full the oldest whole frames go, are counted, and the gap in their numbers shows on the other side.
 * A frame is kept until it is acknowledged, however often it was sent.
 */
export function createTelemetryBuffer({ maxBytes, onDropped }: TelemetryBufferOptions): TelemetryBuffer {
  /** Before `head` are holes, so that what is gone frees its memory at once. */
  let frames: (TelemetryFrame | undefined)[] = []
  let head = 0
  let bytes = 0
  let dropped = 0
  const costOf = (frame: TelemetryFrame) => frame.body.length + overheadBytes

  /** Only what is here can have been sent. */
  const front = () => frames.slice(head, head + framesPerPush).filter((frame) => frame !== undefined)

  function compact(): void {
    if (head < 1_024 || head * 2 < frames.length) return
    frames = frames.slice(head)
    head = 0
  }

  return {
    push(frame) {
      frames.push(frame)
      bytes += costOf(frame)
      let gone = 0
      // The newest always stays, be it larger than the buffer.
      while (bytes > maxBytes && frames.length - head > 1) {
        const oldest = frames[head]
        if (oldest) bytes -= costOf(oldest)
        frames[head] = undefined
        head += 1
        gone += 1
      }
      if (gone === 0) return
      dropped += gone
      compact()
      onDropped(gone)
    },
    oldest(limit) {
      const chosen: TelemetryFrame[] = []
      let sum = 0
      for (const frame of front()) {
        sum += frame.body.length
        if (sum > limit && chosen.length > 0) break
        chosen.push(frame)
      }
      return chosen
    },
    acknowledge({ acked }) {
      const safe = new Map(acked.map(({ incarnation, seq }) => [incarnation, seq]))
      const sendable = front()
      const kept = sendable.filter((frame) => frame.seq > (safe.get(frame.incarnation) ?? 0))
      if (kept.length === sendable.length) return false
      for (const frame of sendable) bytes -= costOf(frame)
      for (const frame of kept) bytes += costOf(frame)
      const gone = sendable.length - kept.length
      frames.fill(undefined, head, head + gone)
      head += gone
      for (const [index, frame] of kept.entries()) frames[head + index] = frame
      compact()
      return true
    },
    length: () => frames.length - head,
    dropped: () => dropped,
  }
}
