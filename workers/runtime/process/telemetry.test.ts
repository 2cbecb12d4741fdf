import { expect, test } from 'vitest'
import { type TelemetryRecord, telemetryRecords } from '#contracts/protocols/telemetry.ts'
import { frameHeaderBytes } from '#contracts/protocols/worker.ts'
import { createTelemetry } from './telemetry.ts'

function open() {
  const frames: { seq: number; kind: number; records: TelemetryRecord[] }[] = []
  const telemetry = createTelemetry({
    write(frame) {
      const buffer = Buffer.from(frame)
      expect(buffer.readUInt32BE(0)).toBe(buffer.length - frameHeaderBytes)
      frames.push({
        kind: buffer.readUInt8(4),
        seq: buffer.readUInt32BE(8),
        records: telemetryRecords.parse(JSON.parse(buffer.subarray(frameHeaderBytes).toString())),
      })
    },
  })
  return { telemetry, frames }
}

const log = (message: string): TelemetryRecord => ({
  kind: 'log',
  at: 1,
  service: 'a',
  instance: 'a-1',
  level: 'info',
  message,
})

test('each call is one frame, numbered from 1 without a gap', () => {
  const { telemetry, frames } = open()
  telemetry.write([log('one'), log('zwei ü')])
  telemetry.write([])
  telemetry.write([log('three')])
  expect(frames.map(({ seq, kind }) => [seq, kind])).toEqual([
    [1, 1],
    [2, 1],
  ])
  expect(frames[0]?.records).toEqual([log('one'), log('zwei ü')])
})

test('a large call is split between records and within one, in order, and loses nothing', () => {
  const { telemetry, frames } = open()
  const messages = Array.from({ length: 100 }, (_, index) => ({
    ...{ seq: index + 1, type: 'user_signup', version: 1, traceparent: '', time: '' },
    body: 'x'.repeat(10_000),
  }))
  const attempted: TelemetryRecord = { kind: 'publish.attempted', at: 1, producer: 'p', epoch: 1, topic: 't', messages }
  telemetry.write([log('first'), attempted])
  expect(frames.length).toBeGreaterThan(3)
  expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, index) => index + 1))
  const seen = frames.flatMap(({ records }) =>
    records.flatMap((record) => (record.kind === 'publish.attempted' ? record.messages : [])),
  )
  expect(seen).toEqual(messages)
})

test('a single message that is larger still goes, in a frame of its own', () => {
  const { telemetry, frames } = open()
  telemetry.write([
    { kind: 'delivery.settled', at: 1, group: 'g', instance: 'i', settlement: 'acked', ids: ['x'.repeat(300_000)] },
  ])
  expect(frames).toHaveLength(1)
})
