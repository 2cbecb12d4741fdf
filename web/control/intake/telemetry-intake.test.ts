import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { wholeLife } from '../journeys/telemetry-life.fixture.ts'
import { leftByKill, temporary } from './intake.fixture.ts'
import { frameOf, groups, openIntake } from './system.fixture.ts'

describe('telemetry intake', () => {
  it('keeps memory and disk flat by dropping settled journeys, their chunks of bits and their segments', async () => {
    const directory = await temporary()
    const system = await openIntake(directory, { segment: 100_000, kept: 1_000 })
    for (let from = 1; from <= 20_000; from += 100) {
      const records = wholeLife(from, 100, groups, 1_000_000 + from)
      system.intake.takeFrames([frameOf('all', (from + 99) / 100, records)])
    }
    await system.intake.close()
    expect(system.traces.slots.size).toBe(1_000)
    expect([...system.ledger.sequences()].map(({ chunks }) => chunks.size)).toEqual([1])
    expect((await readdir(directory)).filter((name) => name.endsWith('.log')).length).toBeLessThan(25)
    expect(system.ledger.groups.at('order_placed', 'consumer-db')).toMatchObject({ owed: 20_000, delivered: 20_000 })
  })

  it('keeps the last settled journeys through a kill', async () => {
    const directory = await temporary()
    const before = await openIntake(directory, { segment: 30_000, kept: 50 })
    for (let index = 0; index < 20; index += 1) {
      before.intake.takeFrames([frameOf('all', index + 1, wholeLife(index * 10 + 1, 10, groups, 1_000_000 + index))])
    }
    const after = await openIntake(await leftByKill(directory), { segment: 30_000, kept: 50 })
    const ids = (system: typeof after): string[] => [...system.traces.slots.all()].map(({ id }) => id)
    expect(ids(after)).toEqual(ids(before))
    expect(ids(after)).toHaveLength(50)
  })

  it('counts a gap in the numbers of a process and closes it when the frame comes late', async () => {
    const { intake } = await openIntake(await temporary())
    const frame = (seq: number): TelemetryFrame => frameOf('p', seq, [])
    intake.takeFrames([frame(1), frame(4)])
    expect(intake.dedup.missing).toBe(2)
    expect(intake.takeFrames([frame(2)])).toEqual({ acked: [{ incarnation: 'p', seq: 2 }] })
    expect(intake.dedup.missing).toBe(1)
  })

  it('knows after a kill which sidecars ended without handing over what they had, each once', async () => {
    const came = (service: string, id: string) => ({ service, id, handedOver: false })
    const directory = await temporary()
    const before = await openIntake(directory, { segment: 1_000 })
    expect(before.intake.sidecar(came('consumer-db', 'a'))).toBe(false)
    expect(before.intake.sidecar(came('consumer-db', 'a'))).toBe(false)
    expect(before.intake.sidecar(came('consumer-db', 'b'))).toBe(true)
    for (let index = 0; index < 10; index += 1)
      before.intake.takeFrames([frameOf('all', index + 1, wholeLife(index * 10 + 1, 10, groups, 1_000_000 + index))])
    before.intake.sidecar(came('producer', 'c'))
    before.intake.sidecar({ ...came('producer', 'c'), handedOver: true })

    const left = await leftByKill(directory)
    const after = await openIntake(left)
    expect([...after.context.health.cutOff]).toEqual([['consumer-db', 1]])
    expect(after.intake.sidecar(came('producer', 'd'))).toBe(false)
    // It was killed together with the control plane.
    expect(after.intake.sidecar(came('consumer-db', 'e'))).toBe(true)
    await after.intake.close()
    const again = await openIntake(await leftByKill(left))
    expect([...again.context.health.cutOff]).toEqual([['consumer-db', 2]])
    expect(again.intake.sidecar(came('consumer-db', 'e'))).toBe(false)
  })

  it('refuses what is invalid, record by record, and goes on', async () => {
    const { intake, ledger } = await openIntake(await temporary())
    const records = [{ kind: 'nonsense' }, ...wholeLife(1, 3, groups, 1_000_000)] as TelemetryRecord[]
    intake.takeFrames([frameOf('p', 1, records), { ...frameOf('p', 2, []), body: new Uint8Array([0xff, 0x00]) }])
    expect(intake.refused).toBe(2)
    expect(ledger.publishes.at('order_placed', 'order_placed').acked).toBe(3)
  })
})
