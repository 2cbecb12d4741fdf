import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from './migrate.ts'

/**
 * A process of its own: brings the database of DATABASE_URL to the newest migration and ends with 0, or with 1 and a sentence.
 * A database that does not answer yet is waited for, a minute at most.
 */
const patienceMs = 60_000
const againAfterMs = 1_000
const url = process.env.DATABASE_URL ?? ''

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

/** `pg` joins the failures of several addresses into an error without words. */
const reasonOf = (error: NodeJS.ErrnoException): string => error.message || String(error.code)
/** Nobody listens, the name is not known yet, or PostgreSQL itself says that it is starting (57P03). */
const notThereYet = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03'].includes(code)

if (url === '') refuse('DATABASE_URL is needed: postgresql://user:password@host:port/database')
const deadline = Date.now() + patienceMs
for (let isReported = false; ; await sleep(againAfterMs)) {
  try {
    const applied = await migrate(url)
    process.stdout.write(`migrations: ${applied.length === 0 ? 'unchanged' : `applied ${applied.join(', ')}`}\n`)
    process.exit(0)
  } catch (error) {
    const problem = error as NodeJS.ErrnoException
    if (!notThereYet(problem) || Date.now() > deadline) {
      refuse(
        `The database of DATABASE_URL could not be migrated: ${reasonOf(problem)}. Check the address and start again`,
      )
    }
    if (!isReported) process.stdout.write(`waits for the database: ${reasonOf(problem)}\n`)
    isReported = true
  }
}
