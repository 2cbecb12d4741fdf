import { expect, test } from 'vitest'
import { packTelemetry, telemetryPush } from './agent.ts'

const frame = (seq: number, text: string) => ({
  source: 'consumer-db-1',
  incarnation: 'a',
  seq,
  body: new Uint8Array(Buffer.from(text)),
})

test('frames survive the form in which they travel', () => {
  const frames = [frame(1, '[1]'), frame(2, ''), frame(3, '["ü"]')]
  expect(telemetryPush.parse(packTelemetry(frames)).frames).toEqual(frames)
  expect(telemetryPush.parse(packTelemetry([]))).toEqual({ frames: [] })
})

test('headers that do not fit the bytes are refused', () => {
  const { headers, bodies } = packTelemetry([frame(1, '[1]')])
  expect(telemetryPush.safeParse({ headers, bodies: bodies.subarray(1) }).success).toBe(false)
  expect(telemetryPush.safeParse({ headers: [], bodies }).success).toBe(false)
})
