import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { Child } from './child.ts'
import { closeDataFolder } from './private-folder.ts'
import { RunFile } from './run-file.ts'
import { openTerminal } from './terminal.ts'

/** Says every secret that it has, in every way that a process can. */
const leaky = `
  const { DATABASE_URL, FAULTLINE_TOKEN, KAFKA_SASL_PASSWORD } = process.env
  console.log('plain ' + DATABASE_URL + ' ' + FAULTLINE_TOKEN)
  console.error('Error: no login with ' + KAFKA_SASL_PASSWORD)
  console.log(JSON.stringify({ level: 50, msg: 'cannot reach ' + DATABASE_URL, err: { message: FAULTLINE_TOKEN } }))
  console.log(JSON.stringify({ ready: true, port: 1, url: 'postgresql://faultline:made-at-start@127.0.0.1:1/faultline' }))
  setTimeout(() => console.log(JSON.stringify({ level: 50, msg: 'later ' + FAULTLINE_TOKEN })), 50)
  process.stdin.on('end', () => process.exit(0)).resume()
`

it('prints and writes no secret of a child, whatever the child says, and still gets the address it needs', async () => {
  const folder = join(await temporaryFolder('child'), 'data')
  closeDataFolder(folder)
  const said: string[] = []
  const say = (...words: unknown[]) => void said.push(words.join(' '))
  const terminal = { ...openTerminal(process.stdout), say, warn: say, done: say }
  const secrets = {
    FAULTLINE_TOKEN: 'open-sesame',
    KAFKA_SASL_PASSWORD: 'sasl"quoted',
    DATABASE_URL: 'postgres://me:p%40ss-word@h/d',
  }
  const child = new Child(
    {
      name: 'leaky',
      command: async () => ({ program: process.execPath, args: ['-e', leaky] }),
      env: { ...process.env, ...secrets },
      ready: 'line',
      ours: true,
      graceMs: 2_000,
    },
    {
      root: process.cwd(),
      terminal,
      runFile: new RunFile(folder),
      logFolder: join(folder, 'logs'),
      stopping: () => false,
    },
  )
  const ready = await child.start(20_000)
  expect(ready.url).toContain('made-at-start')
  await vi.waitFor(() => expect(said.join('\n')).toContain('later'), { timeout: 20_000 })
  await child.stop()

  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
  expect(paths.length).toBeGreaterThan(1)
  for (const text of [said.join('\n'), ...paths.map((path) => readFileSync(path, 'utf8'))])
    expect(text).not.toMatch(/open-sesame|sasl"quoted|sasl\\"quoted|p%40ss-word|p@ss-word|made-at-start/)
  for (const path of paths) expect(statSync(path).mode & 0o077, path).toBe(0)
})
