import { writeSync } from 'node:fs'

/** How long a full pipe may stay full before the sidecar counts as gone. A sidecar always reads. */
const fullPipeMs = 30_000
const pauseMs = 1

/** Whole frames to the sidecar, written before the call returns. */
export interface FramePipe {
  write(frame: Uint8Array): void
}

/**
 * OPEN → BROKEN. OPEN: a write returns when the kernel has every byte, so that a SIGKILL right after it loses nothing.
 * BROKEN: the other end is gone (EPIPE) or does not read any more; `onBroken` was called once and writes do nothing.
 */
export function openFramePipe(fd: number, onBroken: (reason: string) => void): FramePipe {
  const sleeper = new Int32Array(new SharedArrayBuffer(4))
  let broken = false

  function breakWith(reason: string): void {
    broken = true
    onBroken(reason)
  }

  return {
    write(frame) {
      let offset = 0
      let waitedMs = 0
      while (!broken && offset < frame.length) {
        try {
          offset += writeSync(fd, frame, offset)
          waitedMs = 0
        } catch (error) {
          const code = error instanceof Error && 'code' in error ? error.code : undefined
          if (code !== 'EAGAIN') breakWith(`the pipe to the sidecar is broken (${code ?? error})`)
          else if (waitedMs >= fullPipeMs) breakWith(`the sidecar has not read its pipe for ${fullPipeMs} ms`)
          else {
            Atomics.wait(sleeper, 0, 0, pauseMs)
            waitedMs += pauseMs
          }
        }
      }
    },
  }
}
