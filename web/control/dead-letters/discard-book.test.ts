import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/temporary-folder.ts'
import { bodyHash, openDiscardBook } from './discard-book.ts'

it('remembers over restarts what was discarded, also behind a torn line', async () => {
  const path = join(await temporaryFolder('discards'), 'state', 'discarded.jsonl')
  const at = '2026-01-02T03:04:05.000Z'
  const book = await openDiscardBook(path)
  expect(book.of('local', 'g')).toEqual([])
  await book.add([{ broker: 'local', group: 'g', messageId: 'a', at }])
  await book.add([
    { broker: 'local', group: 'h', traceparent: 't', bodyHash: bodyHash('{ no'), at },
    { broker: 'kafka', group: 'g', messageId: 'b', at },
  ])
  await appendFile(path, '{"broker":"loc')
  const again = await openDiscardBook(path)
  expect(again.of('local', 'g').map(({ messageId }) => messageId)).toEqual(['a'])
  expect(again.of('kafka', 'g').map(({ messageId }) => messageId)).toEqual(['b'])
  const [unnamed] = again.of('local', 'h')
  const was = [
    ['t', []],
    ['x', ['{ yes', '{ no']],
    ['', ['{ yes']],
    ['', []],
  ] as const
  expect(was.map(([trace, bodies]) => unnamed?.wasOf(trace, bodies))).toEqual([true, true, false, false])
})
