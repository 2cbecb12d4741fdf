import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { storeContracts } from './fifo-store.contract.ts'
import { journalBefore } from './journal/written-before.fixture.ts'
import { type JournalStoreOptions, journalStore } from './journal.ts'
import { declareQueues, messageFor, queueNamed, redriveTo, type TestClock, testClock } from './queue-store.contract.ts'
import { type QueueStore, StoreUnavailable } from './queue-store.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'sns-sqs-journal-'))

storeContracts('journal', async (clock) => {
  const dir = newFolder()
  const store = journalStore({ dir, clock: clock.now })
  const discard = async () => {
    await store.close()
    rmSync(dir, { recursive: true })
  }
  return { store, discard }
})

describe('journal', () => {
  let dir: string
  let clock: TestClock
  let store: QueueStore

  const open = (options: Partial<JournalStoreOptions> = {}) => journalStore({ dir, clock: clock.now, ...options })
  const reopen = async (options: Partial<JournalStoreOptions> = {}) => {
    await store.close()
    store = open(options)
  }
  const files = () => readdirSync(dir).filter((name) => name.endsWith('.journal'))
  const diskBytes = () => files().reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)
  const receive = async (queue: string, visibilityTimeoutMs?: number) =>
    (await store.receive(queue, visibilityTimeoutMs === undefined ? { max: 10 } : { max: 10, visibilityTimeoutMs }))
      .messages

  beforeEach(async () => {
    dir = newFolder()
    clock = testClock()
    store = open()
    await declareQueues(store, queueNamed('a'), queueNamed('dead'), queueNamed('b', redriveTo('dead', 2)))
  })
  afterEach(async () => {
    await store.close()
    rmSync(dir, { recursive: true })
  })

  test('Q40 receives that can be repeated outlive the store, also where their file is gone, in their order', async () => {
    await reopen({ segmentBytes: 10_000 })
    await store.attempts.keep('x', 'first')
    await store.attempts.keep('y', 'other')
    await store.attempts.keep('x', 'renewed')
    // A kill from here on leaves it there.
    expect(files().some((name) => readFileSync(join(dir, name)).includes('renewed'))).toBe(true)
    const [first] = files()
    for (let index = 0; files().includes(first ?? '') && index < 1_000; index++) {
      await store.accept([messageFor(['a'], 'z'.repeat(1_000))])
      const { messages } = await store.receive('a', { max: 10 })
      await store.delete(
        'a',
        messages.map(({ receipt }) => receipt),
      )
      if (index % 10 === 0) await reopen({ segmentBytes: 10_000 })
    }
    expect(files()).not.toContain(first)
    await reopen()
    expect([await store.attempts.get('x'), await store.attempts.get('y')]).toEqual(['renewed', 'other'])
    clock.advance(300_000)
    expect(await store.attempts.get('x')).toBeUndefined()
  })

  test('Q20 Q21 messages, declarations, counts, timeouts and receipts outlive the store', async () => {
    await store.accept([
      messageFor(['a', 'b'], 'ünï 🙂'),
      messageFor(['a'], 'deleted'),
      messageFor(['a'], 'late', 9_000),
    ])
    const [kept, deleted] = await receive('a', 5_000)
    await store.delete('a', [deleted?.receipt ?? ''])
    await reopen()
    expect([...(await store.declarations()).queues.keys()]).toEqual(['a', 'dead', 'b'])
    expect(await store.counts('a')).toMatchObject({ visible: 0, inFlight: 1, delayed: 1 })
    expect((await receive('b')).map(({ message }) => message.body)).toEqual(['ünï 🙂'])
    clock.advance(5_000)
    const [again] = await receive('a')
    expect(again?.message).toMatchObject({ id: kept?.message.id, body: 'ünï 🙂', sentAt: kept?.message.sentAt })
    expect(again?.receiveCount).toBe(2)
    await reopen()
    expect(await store.delete('a', [again?.receipt ?? ''])).toEqual(['done'])
    expect(await store.counts('a')).toMatchObject({ visible: 0, inFlight: 0, delayed: 1 })
  })

  test('Q21 the redrive limit counts across restarts, and the move lasts', async () => {
    await store.accept([messageFor(['b'], 'poison')])
    await receive('b', 0)
    await reopen()
    await receive('b', 0)
    await reopen()
    expect(await receive('b')).toEqual([])
    await reopen()
    const [moved] = await receive('dead')
    expect([moved?.message.body, moved?.deadLetterSource]).toEqual(['poison', queueNamed('b').arn])
    expect([moved?.receivedElsewhere, moved?.receiveCount]).toEqual([2, 1])
  })

  test('Q20 a purge, a removed queue and a reset last', async () => {
    await store.accept([messageFor(['a', 'b'], 'x')])
    await store.purge('a')
    await store.declare(() => ({ changes: [{ remove: 'queue', name: 'b' }], result: undefined }))
    await reopen()
    expect(await store.counts('a')).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
    await expect(store.counts('b')).rejects.toMatchObject({ name: 'UnknownQueue' })
    await store.reset()
    await reopen()
    expect((await store.declarations()).queues.size).toBe(0)
  })

  test('Q20 a write that was cut off is dropped, what came before it stays', async () => {
    await store.accept([messageFor(['a'], 'whole')])
    await store.close()
    const last = join(dir, files().at(-1) ?? '')
    appendFileSync(last, readFileSync(last).subarray(-40, -3))
    store = open()
    await store.accept([messageFor(['a'], 'after')])
    await reopen()
    expect((await receive('a')).map(({ message }) => message.body)).toEqual(['whole', 'after'])
    expect(readdirSync(dir).some((name) => name.endsWith('.damaged'))).toBe(false)
  })

  test('Q20 a damaged file is kept aside and the files after it are read', async () => {
    await store.accept([messageFor(['a'], 'first')])
    await store.accept([messageFor(['a'], 'second')])
    await reopen()
    await store.accept([messageFor(['a'], 'third')])
    await store.close()
    const path = join(dir, files()[0] ?? '')
    const bytes = readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 0xff, bytes.length - 20)
    writeFileSync(path, bytes)
    store = open()
    expect((await receive('a')).map(({ message }) => message.body)).toEqual(['first', 'third'])
    expect(readdirSync(dir).filter((name) => name.endsWith('.damaged'))).toHaveLength(1)
  })

  test('Q22 what is deleted leaves the disk, and one old message does not hold up the rest', async () => {
    await reopen({ segmentBytes: 20_000 })
    await store.accept([messageFor(['a', 'dead'], 'old')])
    for (let round = 0; round < 60; round++) {
      await store.accept(
        Array.from({ length: 10 }, (_, index) => messageFor(['a'], `${round}-${index} ${'x'.repeat(900)}`)),
      )
      const taken = (await receive('a')).filter(({ message }) => message.body !== 'old')
      await store.delete(
        'a',
        taken.map(({ receipt }) => receipt),
      )
    }
    await vi.waitFor(() => expect(diskBytes()).toBeLessThan(120_000), { timeout: 10_000 })
    await reopen()
    expect((await receive('dead')).map(({ message }) => message.body)).toEqual(['old'])
    expect(await store.counts('a')).toMatchObject({ visible: 1, inFlight: 1 })
  })

  test('Q23 a full disk refuses, keeps what it has, says why, and goes on once there is room', async () => {
    let full = false
    await reopen({
      writeAt: (fd, bytes, offset, length, position) => {
        if (!full) return writeSync(fd, bytes, offset, length, position)
        // Half of it fits, as on a real disk.
        const half = Math.floor(length / 2)
        if (half > 8) return writeSync(fd, bytes, offset, half, position)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      },
    })
    await store.accept([messageFor(['a'], 'before'), messageFor(['a'], 'too')])
    full = true
    const refused = store.accept([messageFor(['a'], 'refused')])
    await expect(refused).rejects.toBeInstanceOf(StoreUnavailable)
    await expect(refused).rejects.toThrow(/no space left.*free some disk space/)
    const [first, second] = await receive('a')
    expect([first?.message.body, second?.message.body]).toEqual(['before', 'too'])
    await expect(store.delete('a', [first?.receipt ?? ''])).rejects.toBeInstanceOf(StoreUnavailable)
    await expect(declareQueues(store, queueNamed('c'))).rejects.toBeInstanceOf(StoreUnavailable)
    await store.attempts.keep('x', 'a receive goes on')
    full = false
    await store.accept([messageFor(['a'], 'after')])
    await reopen()
    expect(await store.attempts.get('x')).toBe('a receive goes on')
    clock.advance(30_000)
    const left = (await receive('a')).map(({ message, receiveCount }) => [message.body, receiveCount])
    expect(left.sort()).toEqual([
      ['after', 1],
      ['too', 2],
    ])
  })
})

describe('a folder that an earlier version left', () => {
  test('Q20 Q21 is read, goes on being written, and is read again', async () => {
    const dir = newFolder()
    for (const [name, text] of Object.entries(journalBefore)) {
      writeFileSync(join(dir, name), inflateRawSync(Buffer.from(text, 'base64')))
    }
    // That version knew one account and one region, and named queues without them.
    const named = (name: string): string => `arn:aws:sqs:us-east-1:123456789012:${name}`
    const clock = testClock()
    let store = journalStore({ dir, clock: clock.now })
    const bodiesOf = async (queue: string) =>
      (await store.receive(named(queue), { max: 10 })).messages.map(({ message }) => message.body)
    expect([...(await store.declarations()).queues.keys()]).toEqual(['a', 'dead', 'b'].map(named))
    expect(await store.counts(named('a'))).toMatchObject({ visible: 0, inFlight: 1, delayed: 1 })
    expect(await store.counts(named('b'))).toMatchObject({ visible: 3, inFlight: 0, delayed: 0 })
    clock.advance(5_000)
    expect(await bodiesOf('a')).toEqual(['ünï 🙂'])
    await store.accept([messageFor([named('dead')], 'new')])
    await store.close()
    expect(readdirSync(dir)).toEqual([...Object.keys(journalBefore), '0000000004.journal'])
    store = journalStore({ dir, clock: clock.now })
    expect((await bodiesOf('b')).map((body) => body.slice(0, 6))).toEqual(['ünï 🙂', 'second', 'third '])
    expect(await bodiesOf('dead')).toEqual(['new'])
    await store.close()
    rmSync(dir, { recursive: true })
  })
})
