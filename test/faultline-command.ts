import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { temporaryFolder } from './temporary-folder.ts'

/** The command as a user types it, in the checkout; `output` is what it printed when it has ended. */
export function faultline(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...args], {
    ...{ env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  })
  const output = Promise.all([text(child.stdout), text(child.stderr)]).then((texts) => texts.join(''))
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, output, code }
}

/** A temporary folder for the labs of commands: the account of PostgreSQL must reach it. */
export async function sharedFolder(): Promise<string> {
  const folder = await temporaryFolder('labs')
  await chmod(folder, 0o755)
  return folder
}
/** Data folders of labs that commands have started there. */
export const runFolders = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith('faultline-run-'))
