import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, unlessDone } from './fingerprint.mjs'
import { root } from './root.mjs'
import { runCommand } from './run-command.mjs'
import { step } from './step.mjs'

/** Generates the database client where the schema or Prisma changed. */
export async function generate() {
  const generated = join(root, 'prisma', 'generated')
  const print = fingerprint(['prisma/schema.prisma', 'node_modules/prisma/package.json'])
  if (!existsSync(join(generated, 'client.ts'))) rmSync(generated, { recursive: true, force: true })
  await step('generate', () =>
    unlessDone(join(generated, '.stamp'), print, async () => {
      // Generating does not use the schema engine, but looks for it and would download it: any file satisfies it.
      const env = {
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      }
      await runCommand(
        'prisma generate',
        process.execPath,
        [join(root, 'node_modules', 'prisma', 'build', 'index.js'), 'generate'],
        env,
      )
    }),
  )
}
