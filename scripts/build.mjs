import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, unlessDone } from './fingerprint.mjs'
import { root } from './root.mjs'
import { runCommand } from './run-command.mjs'
import { step } from './step.mjs'

const tests = (file) => /\.(test|contract)\.tsx?$|\/SPEC\.md$|\.d\.ts$/.test(file)

/** Bundles the processes into dist/ where a source of theirs changed. */
export async function buildProcesses() {
  const dist = join(root, 'dist')
  const print = fingerprint(
    [
      'package-lock.json',
      'tsconfig.json',
      'scripts/bundle-processes.mjs',
      'cli',
      'contracts',
      'monitoring',
      'prisma',
      'storage',
      'supervisor',
      'workers',
      'web/server.ts',
      'web/control',
    ],
    tests,
  )
  await step('build processes', () =>
    unlessDone(join(dist, '.stamp'), print, async () => {
      // Beside dist/ and then in its place: a lab that runs from this checkout never finds it half-written.
      const fresh = join(root, '.dist-new')
      rmSync(fresh, { recursive: true, force: true })
      // Loaded only now: it needs esbuild, which the first start has just installed.
      const { bundleProcesses } = await import('./bundle-processes.mjs')
      await bundleProcesses(fresh)
      rmSync(dist, { recursive: true, force: true })
      renameSync(fresh, dist)
    }),
  )
}

/** Builds the pages into web/.next where a source of theirs changed. */
export async function buildPages() {
  const print = fingerprint(
    [
      'package-lock.json',
      'tsconfig.json',
      'contracts',
      'web/app',
      'web/features',
      'web/http',
      'web/live',
      'web/ui',
      'web/next.config.mjs',
      'web/postcss.config.mjs',
      'web/public',
    ],
    tests,
  )
  const output = join(root, 'web', '.next')
  mkdirSync(output, { recursive: true })
  await step('build pages', (begin) =>
    unlessDone(join(output, 'faultline.stamp'), print, async () => {
      begin()
      const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next')
      await runCommand('next build', process.execPath, [next, 'build', 'web'], {
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
      })
    }),
  )
}
