/** The database does not answer, or ended the connection. The same write may succeed later. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** The database refuses this message's data, now and later: a name for `nonRetryableErrorTypes`. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused'
}

/** The message's data is not what its type says. */
export class InvalidEventData extends Error {
  override readonly name = 'InvalidEventData'
}

/** The data holds text that PostgreSQL cannot store: a NUL character or half a surrogate pair. */
export class UnstorableText extends Error {
  override readonly name = 'UnstorableText'
}

/** What an error of Prisma says about the write: refused data, a conflict with a concurrent write, or no answer. */
export type DatabaseFailure = 'refused' | 'conflict' | 'unavailable'

interface PrismaErrorShape {
  meta?: { driverAdapterError?: { cause?: { originalCode?: string; originalMessage?: string } } }
}

/** The SQLSTATE of an error of Prisma, and PostgreSQL's own words: https://www.postgresql.org/docs/18/errcodes-appendix.html */
function sqlStateOf(error: unknown): { state: string; message: string } {
  const cause = (error as PrismaErrorShape).meta?.driverAdapterError?.cause
  const fallback = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)
  return { state: cause?.originalCode ?? '', message: cause?.originalMessage ?? fallback }
}

/** Class 22 is bad data, 23 a broken constraint, 54 a value past a limit; 40001 and 40P01 ask for another try; all else is the database's own. */
export function failureOf(error: unknown): DatabaseFailure {
  const { state } = sqlStateOf(error)
  if (state === '40001' || state === '40P01') return 'conflict'
  return ['22', '23', '54'].includes(state.slice(0, 2)) ? 'refused' : 'unavailable'
}

/** The error under which a failed write is reported, with PostgreSQL's words and code. */
export function databaseError(error: unknown): DatabaseUnavailable | DatabaseRefused {
  const { state, message } = sqlStateOf(error)
  const words = state === '' ? message : `${message} (SQLSTATE ${state})`
  return failureOf(error) === 'refused'
    ? new DatabaseRefused(`PostgreSQL refuses the row: ${words}`, { cause: error })
    : new DatabaseUnavailable(`PostgreSQL could not write the row: ${words}`, { cause: error })
}
