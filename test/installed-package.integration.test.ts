import { spawn } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { freePort } from '../supervisor/process/ports.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { until } from './until.ts'

/**
 * The package as a user has it: packed, installed into an empty folder, started and used there. Reports sizes and times.
 */
interface Ended {
  code: number | null
  output: string
  seconds: number
}

let project: string
let installed: string

/** Runs a command in the project to its end. */
async function run(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const since = Date.now()
  const child = spawn(command, args, {
    cwd: options.cwd ?? project,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output, seconds: (Date.now() - since) / 1_000 } satisfies Ended
}

/** Every file below a folder with its size and time: what differs later was written. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name))
      return `${name} ${size} ${mtimeMs}`
    })
}

const report: string[] = []
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

beforeAll(async () => {
  project = await temporaryFolder('installed')
  // PostgreSQL runs as an account of its own where the lab is started by root, and its programs are in here.
  chmodSync(project, 0o755)
  const packed = await run('npm', ['pack', '--pack-destination', project, '--loglevel=error'], { cwd: process.cwd() })
  const tarball = packed.output.trim().split('\n').at(-1) ?? ''
  expect(packed).toMatchObject({ code: 0 })
  report.push(`tarball ${megabytes(statSync(join(project, tarball)).size)}`)
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  // As a production machine does it, and without the scripts of packages, which newer versions of npm do not run.
  const args = ['install', `./${tarball}`, '--omit=dev', '--ignore-scripts', ...quiet]
  const install = await run('npm', args)
  expect(install).toMatchObject({ code: 0 })
  rmSync(join(project, tarball))
  installed = join(project, 'node_modules', 'faultline')
  const size = megabytes(sizeOf(join(project, 'node_modules')))
  report.push(`installed ${size}, ${megabytes(sizeOf(installed))} of it its own, in ${install.seconds.toFixed(1)} s`)
}, 10 * 60_000)

test('the smallest scenario passes in an empty folder, without a build and without development packages', async () => {
  const packages = readdirSync(join(project, 'node_modules'))
  const ofDevelopment = ['esbuild', 'typescript', 'vitest', 'prisma', 'tsx', 'tailwindcss']
  expect(ofDevelopment.filter((name) => packages.includes(name))).toEqual([])
  const before = filesBelow(installed)
  const { code, output, seconds } = await run('npx', ['--no', 'faultline', 'run', 'poison-message', '--junit', 'r.xml'])
  expect([code, output]).toEqual([0, expect.stringContaining('pass after')])
  expect(readFileSync(join(project, 'r.xml'), 'utf8')).toContain('<testsuite name="poison-message"')
  report.push(`smallest scenario ${seconds.toFixed(1)} s, of which ${/pass after (\S+)/.exec(output)?.[1]} the run`)
  expect(filesBelow(installed)).toEqual(before)
}, 300_000)

test('a lab file of the folder is started; data, settings and pages are where they belong', async () => {
  const before = filesBelow(installed)
  const port = await freePort()
  writeFileSync(join(project, '.env'), `PORT=${port}\n`)
  writeFileSync(
    join(project, 'shop.yaml'),
    [
      'apiVersion: faultline/v1\nkind: Lab\nmetadata: { name: shop }',
      'events: { sold: {} }',
      'services: { till: { sends: [sold] }, stock: { receives: [sold], simulate: {} } }\n',
    ].join('\n'),
  )
  const since = Date.now()
  const lab = spawn('npx', ['--no', 'faultline', 'start', '--lab', 'shop.yaml'], { cwd: project, stdio: 'pipe' })
  let printed = ''
  lab.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  const ended = new Promise<void>((resolve) => lab.once('close', () => resolve()))
  try {
    const url = `http://127.0.0.1:${port}`
    await until('a ready lab', async () => (await fetch(`${url}/readyz`)).ok, 120_000)
    report.push(`start to ready ${((Date.now() - since) / 1_000).toFixed(1)} s`)
    const shown = await run('npx', ['--no', 'faultline', 'lab', '--url', url])
    expect(shown).toMatchObject({ code: 0, output: expect.stringMatching(/stock-1 +up/) })
    const page = await fetch(url, { headers: { accept: 'text/html' } })
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Faultline')])
    expect(readdirSync(join(project, '.faultline'))).toContain('postgres')
  } finally {
    // npm passes no signal on: the lab notices that its npm has ended, and stops in order.
    lab.kill('SIGTERM')
    await ended
  }
  expect(printed).toContain('It is "shop"')
  expect(filesBelow(installed)).toEqual(before)
  process.stdout.write(`${report.join('\n')}\n`)
}, 300_000)
