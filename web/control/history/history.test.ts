import { cpSync, readdirSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunItem } from '#contracts/api/run.ts'
import type { Fault } from '#contracts/faults/fault.ts'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { RecordedLabFixture } from './fixtures/recorded-lab.ts'

const sequenceOf = ({ ledger }: RecordedLabFixture) => ledger.sequence('producer-1', 1, 'orders')

/** A message is published, acknowledged and owed; `at` is the time of the record. */
function publish(lab: RecordedLabFixture, seq: number, at = lab.clock.now): void {
  const sequence = sequenceOf(lab)
  lab.buffer.at(at)
  lab.ledger.attempt(sequence, seq, 'order_placed')
  lab.ledger.publishOutcome(sequence, seq, 'order_placed', 'acked')
  lab.ledger.expect(sequence, seq, 'consumer-db')
}

function deliver(lab: RecordedLabFixture, seq: number, at = lab.clock.now): void {
  lab.buffer.at(at)
  lab.ledger.move(sequenceOf(lab), seq, 'consumer-db', 'waiting', 'handling')
  lab.ledger.settle(sequenceOf(lab), seq, 'consumer-db', 'delivered', 'handling')
}

const groupAt = (lab: RecordedLabFixture, t: number) => lab.history.at(t).snapshot.ledger.groups[0]

describe('the history of a lab', () => {
  it('answers each millisecond with the counts of then, the keyframe of the second, and the messages of then', async () => {
    const lab = await new RecordedLabFixture(await temporaryFolder('history')).open()
    const begin = lab.clock.now
    lab.rate = 7
    await lab.second()
    lab.clock.now += 400
    publish(lab, 1)
    lab.clock.now += 200
    publish(lab, 2)
    deliver(lab, 1)
    lab.rate = 9
    await lab.second(400)
    deliver(lab, 2, lab.clock.now + 10_000)

    expect(lab.history.at(begin + 1_399).snapshot.ledger.groups).toEqual([])
    expect(groupAt(lab, begin + 1_400)).toMatchObject({ owed: 1, waiting: 1 })
    expect(groupAt(lab, begin + 1_600)).toMatchObject({ owed: 2, waiting: 1, delivered: 1 })
    const moment = lab.history.at(begin + 1_700)
    expect(moment).toMatchObject({
      keyframeAt: begin + 1_000,
      snapshot: { at: begin + 1_700, charts: [{ published: 7 }] },
    })
    expect(moment.snapshot.nodes['topic:orders']?.ratePerSecond).toBe(7)
    expect(moment.snapshot.sparks).toEqual({ 'topic:orders': [7] })
    expect(lab.history.at(begin + 2_000).snapshot.nodes['topic:orders']?.ratePerSecond).toBe(9)
    // What is not cut yet is of now, however fast the clock of its reporter.
    lab.clock.now += 5
    expect(groupAt(lab, lab.clock.now)).toMatchObject({ owed: 2, delivered: 2 })
    const rows = (t: number) =>
      lab.history.at(t).snapshot.tail?.rows.map(({ id, groups }) => `${id.split(':').at(-1)} ${groups[0]?.state}`)
    expect(rows(begin + 1_500)).toEqual(['1 waiting'])
    expect(rows(begin + 1_600)).toEqual(['1 delivered', '2 waiting'])
    expect(rows(lab.clock.now)).toEqual(['1 delivered', '2 delivered'])
    await lab.close()
  })

  it('takes a keyframe at every entry of the event log, and steps from one to the next', async () => {
    const lab = await new RecordedLabFixture(await temporaryFolder('history')).open()
    const begin = lab.clock.now
    await lab.second()
    lab.clock.now += 300
    lab.tell('consumer-db-1 was killed (SIGKILL)')
    lab.clock.now += 30
    lab.recorder.tick()
    await lab.second(670)
    lab.tell('consumer-db-1 is up')
    await lab.second()

    const step = lab.history.next(begin, 'forward')
    expect(step).toMatchObject({
      t: begin + 1_330,
      mark: { t: begin + 1_300, label: 'consumer-db-1 was killed (SIGKILL)' },
    })
    expect(lab.history.at(begin + 1_330)).toMatchObject({ keyframeAt: begin + 1_330 })
    expect(lab.history.at(begin + 1_330).snapshot.events.map(({ seq }) => seq)).toEqual([1])
    expect(lab.history.next(begin + 1_330, 'forward')).toMatchObject({ t: begin + 3_000 })
    expect(lab.history.next(begin + 3_000, 'back')).toMatchObject({ t: begin + 1_330 })
    expect(lab.history.next(begin, 'back')).toEqual({ t: null })
    expect(() => lab.history.at(begin - 1)).toThrow(/is not recorded: ask for one from/)
    expect(() => lab.history.at(lab.clock.now + 1)).toThrow(/is not recorded/)
    await lab.close()
  })

  it('shows a fault by its own times, to the millisecond', async () => {
    const lab = await new RecordedLabFixture(await temporaryFolder('history')).open()
    const begin = lab.clock.now
    const iso = (ms: number): string => new Date(begin + ms).toISOString()
    const fault: Fault = {
      ...{ id: 'f1', type: 'process.kill', target: { service: 'consumer-db' }, percent: 100, params: {}, seed: 1 },
      ...{
        state: 'healed',
        createdAt: iso(1_100),
        startAt: iso(1_100),
        injectedAt: iso(1_150),
        observedAt: iso(1_300),
      },
      ...{ healingAt: iso(1_900), healedAt: iso(2_500), hits: 4, messages: [], services: [] },
    }
    await lab.second()
    await lab.second()
    lab.faults = [fault]
    await lab.second()
    const state = (ms: number) => lab.history.at(begin + ms).snapshot.faults[0]?.state
    expect([1_099, 1_120, 1_299, 1_300, 1_950, 2_500].map(state)).toEqual([
      ...[undefined, 'injecting', 'injecting', 'active', 'healing', 'healed'],
    ])
    expect(lab.history.range().faults).toEqual([fault])
    await lab.close()
  })

  it('is there again after a SIGKILL, with what the process did not see as a gap', async () => {
    const directory = await temporaryFolder('history')
    const lab = await new RecordedLabFixture(directory).open()
    const begin = lab.clock.now
    for (let seq = 1; seq <= 5; seq += 1) {
      lab.clock.now += 500
      publish(lab, seq)
      await lab.second(500)
    }
    const left = await temporaryFolder('history')
    cpSync(directory, left, { recursive: true })
    const clock = { now: begin + 60_000 }
    const again = await new RecordedLabFixture(left, { clock, ledger: lab.ledger }).open()
    for (let seconds = 0; seconds <= 4; seconds += 1) {
      expect(again.history.at(begin + seconds * 1_000 + 500).snapshot).toEqual(
        lab.history.at(begin + seconds * 1_000 + 500).snapshot,
      )
    }
    expect(again.history.range().gaps).toMatchObject([
      { from: begin + 5_000, to: begin + 60_000, reason: 'the control plane did not run' },
    ])
    const within = again.history.at(begin + 30_000)
    expect(within.gap).toMatchObject({ from: begin + 5_000 })
    expect(within.keyframeAt).toBe(begin + 5_000)
    await again.close()
    await lab.close()
  })

  it('keeps what is before a place where the file is cut off, at any byte', async () => {
    const directory = await temporaryFolder('history')
    const lab = await new RecordedLabFixture(directory).open()
    const begin = lab.clock.now
    for (let seq = 1; seq <= 4; seq += 1) {
      lab.clock.now += 500
      publish(lab, seq)
      await lab.second(500)
    }
    const expected = [1, 2, 3, 4].map((second) => groupAt(lab, begin + second * 1_000))
    const [name = ''] = readdirSync(directory)
    const size = statSync(join(directory, name)).size
    for (let length = size; length > 0; length -= 211) {
      const left = await temporaryFolder('history')
      cpSync(directory, left, { recursive: true })
      truncateSync(join(left, name), length)
      const cut = await new RecordedLabFixture(left, { clock: { now: begin + 9_000 } }).open()
      const end = cut.index.moments.at(-2)?.at ?? 0
      for (const [index, figures] of expected.entries()) {
        if (begin + (index + 1) * 1_000 <= end) expect(groupAt(cut, begin + (index + 1) * 1_000)).toEqual(figures)
      }
      await cut.close()
    }
    await lab.close()
  })

  it('goes on after a full disk, and says from when to when it has nothing', async () => {
    let isFull = false
    const lab = await new RecordedLabFixture(await temporaryFolder('history'), {
      writeAt: (fd, bytes, offset, length, position) => {
        if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
        return writeSync(fd, bytes, offset, length, position)
      },
    }).open()
    const begin = lab.clock.now
    publish(lab, 1)
    await lab.second()
    isFull = true
    publish(lab, 2)
    await lab.second()
    publish(lab, 3)
    await lab.second()
    expect(lab.recorder.problem).toMatch(/cannot be stored \(ENOSPC.*has a gap/)
    expect(lab.history.at(begin + 2_500)).toMatchObject({ gap: { from: begin + 1_000 }, keyframeAt: begin + 1_000 })
    isFull = false
    publish(lab, 4)
    await lab.second()
    publish(lab, 5)
    await lab.second()
    expect(lab.recorder.problem).toBeUndefined()
    expect(lab.history.range().gaps).toEqual([
      { from: begin + 1_000, to: begin + 4_000, reason: 'the disk was full', dropped: expect.any(Number) },
    ])
    expect(groupAt(lab, begin + 999)).toMatchObject({ owed: 1 })
    expect(groupAt(lab, begin + 1_500)).toMatchObject({ owed: 1 })
    expect(groupAt(lab, begin + 4_000)).toMatchObject({ owed: 5 })
    expect(groupAt(lab, begin + 5_000)).toMatchObject({ owed: 5 })
    await lab.close()
  })

  it('drops what is too much for a second, counts it, and is exact again with the next keyframe', async () => {
    const lab = await new RecordedLabFixture(await temporaryFolder('history'), { most: 6 }).open()
    const begin = lab.clock.now
    for (const seq of [1, 2, 3]) publish(lab, seq)
    await lab.second()
    expect(lab.history.range().gaps).toMatchObject([{ from: begin, to: begin + 1_000, dropped: 3 }])
    publish(lab, 4)
    await lab.second()
    expect(groupAt(lab, begin + 1_000)).toMatchObject({ owed: 4 })
    expect(groupAt(lab, begin + 2_000)).toMatchObject({ owed: 4 })
    await lab.close()
  })

  it('forgets what is older than the limit, but not the moments of a run that is kept, and never has more bytes than allowed', async () => {
    const directory = await temporaryFolder('history')
    const lab = await new RecordedLabFixture(directory, { limits: { seconds: 120, maxBytes: 2 ** 30 } }).open()
    const begin = lab.clock.now
    const run: Omit<RunItem, 'startedAt'> = {
      id: 'r1',
      name: 'crash',
      state: 'ended',
      seed: 1,
      broker: 'local',
      elapsedMs: 1,
      reasons: [],
    }
    lab.runs = [{ ...run, startedAt: new Date(begin).toISOString(), endedAt: new Date(begin + 30_000).toISOString() }]
    for (let second = 0; second < 400; second += 1) await lab.second()
    expect(lab.history.at(begin + 15_000).snapshot.at).toBe(begin + 15_000)
    expect(lab.history.range().runs).toMatchObject([{ id: 'r1' }])
    const times = lab.index.moments.map(({ at }) => at - begin)
    expect(times.filter((at) => at > 120_000 && at < 200_000)).toEqual([])
    expect(times.at(-1)).toBe(400_000)
    lab.runs = []
    lab.forget()
    expect(lab.history.range().from).toBeGreaterThan(begin + 120_000)
    lab.limits.maxBytes = 30_000
    lab.forget()
    expect(lab.files.bytes).toBeLessThan(lab.limits.maxBytes * 3)
    expect(lab.files.segments().length).toBeLessThanOrEqual(2)
    expect(lab.history.at(lab.clock.now).gap).toBeUndefined()
    await lab.close()
    expect(readdirSync(directory).map((name) => readFileSync(join(directory, name)).length).length).toBeLessThanOrEqual(
      2,
    )
  })
})
