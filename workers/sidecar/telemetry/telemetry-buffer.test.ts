import { expect, test } from 'vitest'
import { createTelemetryBuffer } from './telemetry-buffer.ts'

const frame = (seq: number, bytes = 100, incarnation = 'a') => ({
  ...{ source: 'consumer-db-1', incarnation, seq },
  body: new Uint8Array(bytes),
})

function open(maxBytes = 1_000_000) {
  let dropped = 0
  const buffer = createTelemetryBuffer({
    maxBytes,
    onDropped: (frames) => {
      dropped += frames
    },
  })
  return { buffer, dropped: () => dropped }
}
const seqs = (frames: { seq: number }[]) => frames.map(({ seq }) => seq)

test('frames stay, in order, until they are acknowledged', () => {
  const { buffer } = open()
  for (let seq = 1; seq <= 5; seq += 1) buffer.push(frame(seq))
  expect(seqs(buffer.oldest(250))).toEqual([1, 2])
  expect(seqs(buffer.oldest(250))).toEqual([1, 2])
  expect(buffer.acknowledge({ acked: [{ incarnation: 'a', seq: 2 }] })).toBe(true)
  expect(seqs(buffer.oldest(1_000))).toEqual([3, 4, 5])
  expect(buffer.acknowledge({ acked: [{ incarnation: 'a', seq: 2 }] })).toBe(false)
  expect(buffer.acknowledge({ acked: [{ incarnation: 'b', seq: 9 }] })).toBe(false)
})

test('an acknowledgement speaks of one incarnation', () => {
  const { buffer } = open()
  buffer.push(frame(1, 10, 'a'))
  buffer.push(frame(1, 10, 'b'))
  buffer.push(frame(2, 10, 'a'))
  buffer.acknowledge({ acked: [{ incarnation: 'a', seq: 2 }] })
  expect(buffer.oldest(1_000)).toMatchObject([{ incarnation: 'b', seq: 1 }])
})

test('a frame larger than a push goes by itself', () => {
  const { buffer } = open()
  buffer.push(frame(1, 5_000))
  buffer.push(frame(2))
  expect(seqs(buffer.oldest(1_000))).toEqual([1])
})

test('when it is full the oldest whole frames go and are counted', () => {
  const { buffer, dropped } = open(10 * 1_200)
  for (let seq = 1; seq <= 100; seq += 1) buffer.push(frame(seq, 1_000))
  expect(buffer.length()).toBe(10)
  expect(buffer.dropped()).toBe(90)
  expect(dropped()).toBe(90)
  expect(seqs(buffer.oldest(100_000))).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100])
})

test('the space of what was acknowledged is free again', () => {
  const { buffer } = open(10 * 1_200)
  for (let seq = 1; seq <= 20_000; seq += 1) {
    buffer.push(frame(seq, 1_000))
    if (seq % 10 === 0) buffer.acknowledge({ acked: [{ incarnation: 'a', seq }] })
  }
  expect(buffer.dropped()).toBe(0)
  expect(buffer.length()).toBe(0)
  expect(buffer.oldest(1_000)).toEqual([])
})

test('an acknowledgement of frames that were dropped meanwhile harms nothing', () => {
  const { buffer } = open(3 * 1_200)
  for (let seq = 1; seq <= 5; seq += 1) buffer.push(frame(seq, 1_000))
  buffer.acknowledge({ acked: [{ incarnation: 'a', seq: 4 }] })
  expect(seqs(buffer.oldest(100_000))).toEqual([5])
})
