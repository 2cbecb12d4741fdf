import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { identityOf, isRunning } from './process-identity.ts'

/** Who holds a data folder: what runs, and where it answers. */
export interface Holder {
  kind: 'lab' | 'simulator'
  /** `http://localhost:3000`. */
  url: string
}

const lockFile = z.object({
  pid: z.int(),
  began: z.string(),
  kind: z.enum(['lab', 'simulator']).optional(),
  url: z.string().optional(),
  /** Of an earlier version, whose labs and simulators had one name. */
  port: z.int().optional(),
})

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
 * Takes the data folder for this process. Throws a sentence that names what holds it and where that answers, while it is alive; the lock of one
 * that is gone, even by SIGKILL or a reboot, is replaced. The file appears whole or not at all.
 */
export function takeLock(folder: string, me: Holder): Lock {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'lock')
  const own = { ...(identityOf(process.pid) ?? { pid: process.pid, began: 'unknown' }), ...me }
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
        throw new Error(heldBy(folder, holder, me))
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

function heldBy(folder: string, { pid, kind, url }: z.infer<typeof lockFile>, me: Holder): string {
  const what =
    kind === 'simulator' ? 'The simulator alone (`npm run sns-sqs`)' : kind === 'lab' ? 'A lab' : 'A lab or a simulator'
  const where = [`pid ${pid}`, ...(url === undefined ? [] : [url])].join(', ')
  const port = me.kind === 'lab' ? 'PORT' : 'SNS_SQS_PORT'
  return `${what} already runs on ${folder} (${where}): stop that one with Ctrl-C, or start this one with another FAULTLINE_DATA_DIR and ${port}`
}
