import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { faultline, lab } from '../fixtures/scripted-program.ts'

const recording = {
  ...{ id: 'rec-1', name: 'mine', startedAt: '2026-01-01T12:00:00.000Z' },
  ...{ published: 3, bursts: 1, faults: 2, changes: 0, bytes: 99 },
}
const going = { ...recording, state: 'recording', endsBy: '2026-01-01T12:30:00.000Z' }
const remarks = ['at 2.0 s the lab was switched to kafka']
const ended = { ...recording, state: 'ended', endedAt: '2026-01-01T12:01:00.000Z', remarks, scenario: '# mine\n' }

test('a recording is ended by Ctrl-C, written to its file, and what it cannot say is printed', async () => {
  const interrupt = new AbortController()
  let sent = ''
  const { url, asked } = await lab([], ({ method, url: path }, body) => {
    if (path === '/api/recordings') sent = body
    if (method === 'GET') interrupt.abort()
    return [200, path?.endsWith('/stop') ? ended : going]
  })
  const file = join(await temporaryFolder('cli'), 'mine.yaml')
  const { out, code } = await faultline(
    ['record', '--out', file, '--for', '5m', '--name', 'mine', '--url', url],
    interrupt.signal,
  )
  expect(code).toBe(0)
  expect(JSON.parse(sent)).toEqual({ forMs: 300_000, name: 'mine' })
  expect(asked.at(-1)).toBe('POST /api/recordings/rec-1/stop')
  expect(await readFile(file, 'utf8')).toBe('# mine\n')
  expect(out).toContain(`${file}: 3 messages, 1 bursts, 2 faults, 0 changes\nnot in the file: ${remarks[0]}`)
})

test('a recording that ends by itself is written too; a duration that is none is refused before anything begins', async () => {
  const { url, asked } = await lab([], ({ method }) => [200, method === 'GET' ? ended : going])
  const file = join(await temporaryFolder('cli'), 'mine.yaml')
  const { out } = await faultline(['record', '--out', file, '--url', url, '--json'])
  expect(JSON.parse(out)).toEqual(ended)
  const before = asked.length
  expect((await faultline(['record', '--out', file, '--url', url, '--for', 'long'])).code).toBe(2)
  expect(asked).toHaveLength(before)
})

test('a lab that does not answer for a moment costs no file', async () => {
  let polls = 0
  const { url } = await lab([], ({ method }) => {
    if (method !== 'GET') return [200, going]
    polls += 1
    return polls === 1 ? [502, 'restarting'] : [200, ended]
  })
  const file = join(await temporaryFolder('cli'), 'mine.yaml')
  expect((await faultline(['record', '--out', file, '--url', url])).code).toBe(0)
  expect(polls).toBe(2)
  expect(await readFile(file, 'utf8')).toBe('# mine\n')
})

test('a file that cannot be written is refused before anything is recorded', async () => {
  const { url, asked } = await lab([], () => [200, ended])
  const folder = await temporaryFolder('cli')
  for (const out of [folder, join(folder, 'none', 'mine.yaml')]) {
    const { code, complaints } = await faultline(['record', '--out', out, '--url', url])
    expect(code).toBe(1)
    expect(complaints).toContain(`${out} cannot be written`)
  }
  expect(asked).toEqual([])
})
