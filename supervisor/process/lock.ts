import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { identityOf, isRunning } from './process-identity.ts'

const lockFile = z.object({ pid: z.int(), began: z.string(), port: z.int() })

export interface Lock {
  release(): void
}

function readLock(path: string): z.infer<typeof lockFile> | undefined {
  try {
    return lockFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

/**
 * Takes the data folder for this process. Throws a sentence where another lab that is alive holds it; the lock of one
 * that is gone, even by SIGKILL or a reboot, is replaced. The file appears whole or not at all.
 */
export function takeLock(folder: string, port: number): Lock {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'lock')
  const own = { ...(identityOf(process.pid) ?? { pid: process.pid, began: 'unknown' }), port }
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(own)}\n`)
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        linkSync(draft, path)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 5) throw error
      }
      const holder = readLock(path)
      if (holder !== undefined && isRunning(holder)) {
        const mend = 'stop that one with Ctrl-C, or start this one with another FAULTLINE_DATA_DIR and PORT'
        throw new Error(`A lab already runs on ${folder} (pid ${holder.pid}, http://localhost:${holder.port}): ${mend}`)
      }
      rmSync(path, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return {
    release: () => {
      const holder = readLock(path)
      if (holder?.pid === own.pid && holder.began === own.began) rmSync(path, { force: true })
    },
  }
}
