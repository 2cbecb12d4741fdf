import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const start = (...options: string[]) =>
  spawnSync(process.execPath, ['scripts/start.mjs', ...options], { encoding: 'utf8', timeout: 60_000 })

test.each([
  { options: ['--labs', 'a.yaml'], says: "Unknown option '--labs'" },
  { options: ['--lab'], says: '--lab' },
  { options: ['a.yaml'], says: 'a.yaml' },
])('npm start refuses $options before it builds anything, and lists what there is', ({ options, says }) => {
  const { status, stderr, stdout } = start(...options)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(says)
  expect(stderr).toContain('--build-only')
})

test('npm start -- --help prints the options and starts nothing', () => {
  expect(start('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--lab FILE') })
})
