import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryFolder } from '../test/temporary-folder.ts'
import { playwrightResult, printFailures, vitestResult } from './test-reports.mjs'

/** Runs a test program on files of these contents; its exit code and its report. */
async function runOn(
  files: Record<string, string>,
  command: (folder: string, report: string) => string[],
  env: Record<string, string> = {},
) {
  const folder = await temporaryFolder('reports')
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const report = join(folder, 'report.json')
  const [program = '', ...args] = command(folder, report)
  const child = spawn(join(process.cwd(), 'node_modules', '.bin', program), args, {
    ...{ cwd: folder, stdio: 'ignore' },
    env: { ...process.env, NODE_OPTIONS: '', VITEST: '', PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...env },
  })
  const [code] = await once(child, 'exit')
  return { report, code: Number(code), of: (name: string) => relative(process.cwd(), join(folder, name)) }
}
const vitest = (folder: string, report: string) => [
  ...['vitest', 'run', '--root', folder, '--reporter=json', `--outputFile.json=${report}`],
]

it("names Vitest's failed tests by file, full name and the first line of the error, and files that do not load", async () => {
  const { report, code, of } = await runOn(
    {
      'a.test.ts': `
        import { describe, expect, it } from 'vitest'
        describe('a lab', () => {
          it('is up', () => undefined)
          it('is down', () => expect({ up: true }).toEqual({ up: false }))
          it.skip('is away', () => undefined)
        })`,
      'b.test.ts': `throw new Error('cannot be loaded\\nat all')`,
    },
    vitest,
  )
  expect(vitestResult(report, code)).toEqual({
    ...{ passed: 1, failed: 1, skipped: 1 },
    failures: expect.arrayContaining([
      {
        file: of('a.test.ts'),
        name: 'a lab › is down',
        error: 'AssertionError: expected { up: true } to deeply equal { up: false }',
      },
      { file: of('b.test.ts'), error: expect.stringContaining('cannot be loaded') },
    ]),
  })
})

it('a run that fails without a failed test counts as one failure, with its reason; so does one that left no report', async () => {
  const { report, code, of } = await runOn({ 'b.test.ts': `throw new Error('cannot be loaded')` }, vitest)
  expect(vitestResult(report, code)).toMatchObject({ failed: 1, failures: [{ file: of('b.test.ts') }] })
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  expect(vitestResult(`${report}.none`, 1)).toMatchObject({ passed: 0, failed: 1, failures: [{ name: 'no report' }] })
})

it("names Playwright's failed tests", async () => {
  const { report, code, of } = await runOn(
    {
      'a.spec.ts': `
        import { expect, test } from '@playwright/test'
        test('is up', () => undefined)
        test.describe('a page', () => {
          test('is drawn', () => expect(1, 'one is drawn').toBe(2))
        })`,
    },
    (folder) => ['playwright', 'test', '--config', folder, '--reporter=json'],
  )
  expect(playwrightResult(report, code)).toEqual({
    ...{ passed: 1, failed: 1, skipped: 0 },
    failures: [{ file: of('a.spec.ts'), name: 'a page › is drawn', error: 'Error: one is drawn' }],
  })
})

it('prints fifty of them and counts the others', () => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  printFailures(
    Array.from({ length: 60 }, (_, index) => ({ file: 'a.test.ts', name: `t${index}`, error: 'Error: no' })),
  )
  vi.restoreAllMocks()
  expect(lines.slice(0, 3)).toEqual(['\nFailed:', '✗ a.test.ts › t0', '    Error: no'])
  expect(lines.at(-1)).toBe('… and 10 more')
  expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(50)
})
