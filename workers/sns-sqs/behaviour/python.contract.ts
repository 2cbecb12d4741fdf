import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { skipped } from '../../../test/skipped.ts'

const run = promisify(execFile)

/** A Python with packages of its own. */
export interface Python {
  /** Path of the interpreter. */
  python: string
  /** Folder of the programs that the packages brought along. */
  programs: string
  /** Why there is none. */
  missing: string | undefined
}

/**
 * A Python with these packages, made in a folder of its own if it is missing and kept between runs, since installing takes longer than
 * testing. `name` distinguishes it from others; another list of packages needs another name. With CI=true it throws if there is none.
 */
async function pythonWith(name: string, packages: string[], suite: string): Promise<Python> {
  const folder = join(tmpdir(), `faultline-python-${name}`)
  const programs = join(folder, 'bin')
  const python = join(programs, 'python')
  try {
    if (!existsSync(join(folder, 'ready'))) {
      await run('python3', ['-m', 'venv', folder])
      await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
      await run(python, ['-c', `import boto3; open(${JSON.stringify(join(folder, 'ready'))}, "w").close()`])
    }
    return { python, programs, missing: undefined }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    const missing = skipped(suite, `python3 with venv, pip and ${packages.join(', ')}: ${reason}`)
    return { python, programs, missing }
  }
}

export const pythonWithBoto3 = (suite: string) => pythonWith('2', ['boto3==1.44.8', 'awscli==1.46.3'], suite)

/** With the server of moto, which simulates SNS and SQS too. */
export const pythonWithMoto = (suite: string) =>
  pythonWith('moto-1', ['boto3==1.44.8', 'moto[server,sns,sqs]==5.2.5'], suite)
