import { cpSync, writeSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Fault } from '#contracts/faults/fault.ts'
import type { WriteAt } from '#storage/segment-log/segment-writer.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { RecordedLabFixture } from './fixtures/recorded-lab.ts'

const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })

describe('the recorder of the history', () => {
  it('frees the room of old segments while the disk refuses, and so records again', async () => {
    let lab: RecordedLabFixture | undefined
    let capacity = Number.POSITIVE_INFINITY
    const writeAt: WriteAt = (fd, bytes, offset, length, position) => {
      if ((lab?.files.bytes ?? 0) + length > capacity) throw full()
      return writeSync(fd, bytes, offset, length, position)
    }
    const limits = { seconds: 60, maxBytes: 2 ** 30 }
    lab = await new RecordedLabFixture(await temporaryFolder('recorder'), { limits, writeAt }).open()
    for (let second = 0; second < 150; second += 1) await lab.second()
    capacity = lab.files.bytes
    await lab.second()
    expect(lab.recorder.problem).toMatch(/ENOSPC/)
    for (let second = 0; second < 60; second += 1) await lab.second()
    expect(lab.recorder.problem).toBeUndefined()
    expect(lab.history.at(lab.clock.now)).toMatchObject({ keyframeAt: lab.clock.now })
    await lab.close()
  })

  it('keeps a moment that was written where old segments cannot be removed', async () => {
    const lab = await new RecordedLabFixture(await temporaryFolder('recorder')).open()
    lab.forget = () => {
      throw new Error('EACCES: permission denied, unlink')
    }
    for (let second = 0; second < 130; second += 1) await lab.second()
    expect(lab.files.segments().length).toBeGreaterThan(1)
    expect(lab.index.moments).toHaveLength(131)
    expect(lab.history.range().gaps).toEqual([])
    expect(lab.recorder.problem).toBeUndefined()
    await lab.close()
  })

  it('records the events and faults of refused seconds with the next one that is written', async () => {
    const directory = await temporaryFolder('recorder')
    let isRefused = false
    const lab = await new RecordedLabFixture(directory, {
      writeAt: (fd, bytes, offset, length, position) => {
        if (isRefused) throw full()
        return writeSync(fd, bytes, offset, length, position)
      },
    }).open()
    const iso = (): string => new Date(lab.clock.now).toISOString()
    const fault: Fault = {
      ...{ id: 'f1', type: 'process.kill', target: { service: 'consumer-db' }, percent: 100, params: {}, seed: 1 },
      ...{ state: 'injecting', createdAt: iso(), startAt: iso(), hits: 0, messages: [], services: [] },
    }
    await lab.second()
    isRefused = true
    lab.tell('consumer-db-1 was killed (SIGKILL)')
    lab.faults = [fault]
    await lab.second()
    lab.tell('consumer-db-1 is up')
    const healed: Fault = { ...fault, state: 'healed', injectedAt: iso(), observedAt: iso(), healedAt: iso() }
    lab.faults = [healed]
    await lab.second()
    isRefused = false
    lab.tell('consumer-db-1 is ready')
    await lab.second()
    await lab.second()
    const { now } = lab.clock
    const expected = lab.history.at(now).snapshot.events
    expect(expected.map(({ seq }) => seq)).toEqual([1, 2, 3])

    const left = await temporaryFolder('recorder')
    cpSync(directory, left, { recursive: true })
    const again = await new RecordedLabFixture(left, { clock: { now: now + 1_000 } }).open()
    expect(again.history.at(now).snapshot.events).toEqual(expected)
    expect(again.history.range().faults).toEqual([healed])
    await again.close()
    await lab.close()
  })

  it('records nothing twice where the disk took a second but not its keyframe', async () => {
    const directory = await temporaryFolder('recorder')
    let left = Number.POSITIVE_INFINITY
    const lab = await new RecordedLabFixture(directory, {
      writeAt: (fd, bytes, offset, length, position) => {
        if (left === 0) throw full()
        left -= 1
        return writeSync(fd, bytes, offset, length, position)
      },
    }).open()
    lab.tell('consumer-db-1 was killed (SIGKILL)')
    left = 1
    await lab.second()
    expect(lab.recorder.problem).toMatch(/ENOSPC/)
    left = Number.POSITIVE_INFINITY
    await lab.second()
    const copy = await temporaryFolder('recorder')
    cpSync(directory, copy, { recursive: true })
    const again = await new RecordedLabFixture(copy, { clock: { now: lab.clock.now + 1_000 } }).open()
    expect(again.history.range().marks.map(({ label }) => label)).toEqual(['consumer-db-1 was killed (SIGKILL)'])
    await again.close()
    await lab.close()
  })
})
