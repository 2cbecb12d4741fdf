import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/** Lines on standard output, for people. */
export interface Printer {
  print(line: string): void
}

/** Above this much unread output lines are left out: who reads is slow, and a sidecar waits for nobody. */
const unreadBytesMax = 1024 * 1024

/**
 * Prints until nobody reads any more: a closed terminal ends the printing and nothing else. Lines that had to be left out
 * are counted and logged.
 */
export function createPrinter(output: Writable = nonBlockingOutput()): Printer {
  let open = true
  let leftOut = 0
  output.on('error', () => {
    open = false
  })
  return {
    print(line) {
      if (!open) return
      if (output.writableLength > unreadBytesMax) {
        leftOut += 1
        return
      }
      if (leftOut > 0) output.write(`… ${leftOut} lines were not printed: the output was read too slowly\n`)
      leftOut = 0
      output.write(`${line}\n`)
    },
  }
}

/** `process.stdout` blocks the whole process where a pipe is full; a socket on the same descriptor does not. */
function nonBlockingOutput(): Writable {
  const kind = fstatSync(1)
  if (!kind.isFIFO() && !kind.isSocket()) return process.stdout
  const output = new Socket({ fd: 1, readable: false, writable: true })
  output.unref()
  return output
}
