import { expect, test } from 'vitest'
import { storeContracts } from './fifo-store.contract.ts'
import { memoryStore } from './memory.ts'
import { declareQueues, messageFor, queueNamed } from './queue-store.contract.ts'
import { StoreUnavailable } from './queue-store.ts'

storeContracts('memory', async (clock) => {
  const store = memoryStore({ clock: clock.now })
  return { store, discard: () => store.close() }
})

test('a full memory refuses, keeps what it has, and takes again once there is room', async () => {
  const store = memoryStore({ maximumRetained: 3_000 })
  await declareQueues(store, queueNamed('a'))
  await store.accept([messageFor(['a'], 'x'.repeat(800))])
  await expect(store.accept([messageFor(['a'], 'y'.repeat(800))])).rejects.toBeInstanceOf(StoreUnavailable)
  const { messages } = await store.receive('a', { max: 10 })
  await store.delete(
    'a',
    messages.map(({ receipt }) => receipt),
  )
  await store.accept([messageFor(['a'], 'z'.repeat(800))])
  expect(await store.counts('a')).toMatchObject({ visible: 1 })
  await store.close()
})
