import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { leftByKill, temporary } from '../intake/intake.fixture.ts'
import { frameOf, openIntake } from '../intake/system.fixture.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { createBodyReader } from '../rehydrate/body-reader.ts'
import { telemetryBefore } from './written-before.fixture.ts'

async function folderBefore(): Promise<string> {
  const directory = await temporary()
  for (const [name, text] of Object.entries(telemetryBefore)) {
    writeFileSync(join(directory, name), inflateRawSync(Buffer.from(text, 'base64')))
  }
  return directory
}

const stateOf = ({ ledger, traces, entries }: Awaited<ReturnType<typeof openIntake>>) => ({
  publishes: ledger.publishes.at('order_placed', 'order_placed').acked,
  delivered: ledger.groups.at('order_placed', 'consumer-db').delivered,
  waiting: ledger.groups.at('order_placed', 'consumer-email').waiting,
  bodies: [...traces.slots.all()].map((journey) => journey.body ?? createBodyReader(entries)(journey)),
})
const before = {
  ...{ publishes: 4, delivered: 1, waiting: 4 },
  bodies: [1, 2, 3, 4].map((seq) => `{"orderId":"order-${seq}"}`),
}

it('reads a data folder that an earlier version left, goes on in it, and reads that again', async () => {
  const directory = await folderBefore()
  const system = await openIntake(directory)
  expect(stateOf(system)).toEqual(before)
  // The frame of that time is known, and is not taken twice.
  system.intake.takeFrames([frameOf('p', 5, [])])
  const names = readdirSync(directory).filter((name) => name.endsWith('.log'))
  expect(names.sort().slice(0, 3)).toEqual(Object.keys(telemetryBefore).filter((name) => name.endsWith('.log')))
  expect(names).toHaveLength(4)
  for (const name of names.slice(0, 3)) {
    expect(readFileSync(join(directory, name))).toEqual(
      inflateRawSync(Buffer.from(telemetryBefore[name] ?? '', 'base64')),
    )
  }
  expect(stateOf(await openIntake(await leftByKill(directory)))).toEqual(before)
})

it('cuts off the entry that was under way at a SIGKILL, and takes that frame when it is sent again', async () => {
  const directory = await folderBefore()
  const last = join(directory, 'segment-00000003.log')
  const whole = readFileSync(last)
  writeFileSync(last, whole.subarray(0, whole.length - 1))
  const system = await openIntake(directory)
  expect(stateOf(system).delivered).toBe(0)
  system.intake.takeFrames([frameOf('p', 5, wholeLife(1, 1, ['consumer-db'], 1_700_000_000_050).slice(2))])
  expect(stateOf(system).delivered).toBe(1)
})

it('keeps a copy of a segment that is damaged in the middle, and counts what is in the others', async () => {
  const directory = await folderBefore()
  appendFileSync(join(directory, 'segment-00000001.log'), 'damage')
  const system = await openIntake(directory)
  expect(stateOf(system)).toEqual(before)
  expect(readdirSync(directory)).toContain('segment-00000001.log.damaged')
})
