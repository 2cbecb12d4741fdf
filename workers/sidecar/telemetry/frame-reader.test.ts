import { expect, test } from 'vitest'
import { encodeFrame } from '#workers/runtime/process/frame.ts'
import { BrokenFrame, createFrameReader, type PipeFrame } from './frame-reader.ts'

const frames = [
  encodeFrame('telemetry', 1, '[]'),
  encodeFrame('state', 0, '{"state":"running"}'),
  encodeFrame('telemetry', 4_000_000_000, JSON.stringify(['ü'.repeat(40_000)])),
  encodeFrame('reply', 0, ''),
]
const stream = Buffer.concat(frames)

test.each([1, 7, 12, 4_096, stream.length])('frames are read whole from chunks of %i bytes', (size) => {
  const seen: PipeFrame[] = []
  const read = createFrameReader((frame) => seen.push(frame))
  for (let at = 0; at < stream.length; at += size) read(stream.subarray(at, at + size))
  expect(seen.map(({ kind, seq }) => [kind, seq])).toEqual([
    ['telemetry', 1],
    ['state', 0],
    ['telemetry', 4_000_000_000],
    ['reply', 0],
  ])
  expect(Buffer.concat(seen.map(({ body }) => body))).toEqual(Buffer.concat(frames.map((frame) => frame.subarray(12))))
})

test('what is not a frame is refused', () => {
  const read = () => createFrameReader(() => undefined)
  expect(() => read()(Buffer.from('a crash report that went to the wrong pipe'))).toThrow(BrokenFrame)
  const huge = Buffer.alloc(12)
  huge.writeUInt32BE(33 * 1024 * 1024, 0)
  huge.writeUInt8(1, 4)
  expect(() => read()(huge)).toThrow(/longer than/)
})
