import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { skipped } from '../../../test/skipped.ts'

const run = promisify(execFile)

/** Kept between runs: installing takes longer than testing. */
const folder = join(tmpdir(), 'faultline-python-1')
const python = join(folder, 'bin', 'python')
const packages = ['boto3==1.44.8']

/** A Python with boto3, made in a folder of its own where it is missing; or why there is none. With CI=true it throws instead. */
export async function pythonWithBoto3(suite: string): Promise<{ python: string; missing: string | undefined }> {
  try {
    if (!existsSync(join(folder, 'ready'))) {
      await run('python3', ['-m', 'venv', folder])
      await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
      await run(python, ['-c', `import boto3; open(${JSON.stringify(join(folder, 'ready'))}, "w").close()`])
    }
    return { python, missing: undefined }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return { python, missing: skipped(suite, `python3 with venv, pip and ${packages.join(', ')}: ${reason}`) }
  }
}
