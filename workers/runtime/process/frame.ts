import { frameHeaderBytes, frameKind } from '#contracts/protocols/worker.ts'

/** A frame of the worker protocol, ready for the pipe. `seq` numbers telemetry; other kinds have 0. `seat`: whose it is, 0 the process's own. */
export function encodeFrame(kind: keyof typeof frameKind, seq: number, body: string, seat = 0): Buffer {
  const length = Buffer.byteLength(body)
  const frame = Buffer.allocUnsafe(frameHeaderBytes + length)
  frame.writeUInt32BE(length, 0)
  frame.writeUInt32BE(frameKind[kind] * 0x1000000 + seat, 4)
  frame.writeUInt32BE(seq, 8)
  frame.write(body, frameHeaderBytes, 'utf8')
  return frame
}
