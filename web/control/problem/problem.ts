import { type ErrorCode, errorCodes, type Problem } from '#contracts/errors.ts'

/** What is wrong where; `path` is a JSON pointer (RFC 6901). */
export interface InputError {
  path: string
  message: string
  /** In the text of a file, from 1. */
  line?: number
  column?: number
}

/** More than this many are not listed; the last one says how many there are. */
const maxListed = 100

/** Thrown anywhere below the API; becomes the problem document of its code. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: ErrorCode
  readonly extra: { errors?: InputError[]; id?: string; state?: string }

  /** `detail` says what happened and how to mend it. */
  constructor(code: ErrorCode, detail: string, extra: { errors?: InputError[]; id?: string; state?: string } = {}) {
    super(detail)
    this.code = code
    this.extra = extra
  }
}

/** A problem of bad input whose detail is made of its errors. */
export function inputProblem(code: ErrorCode, errors: InputError[]): ApiProblem {
  const listed =
    errors.length <= maxListed
      ? errors
      : [
          ...errors.slice(0, maxListed),
          { path: '', message: `${errors.length - maxListed} more errors are not listed` },
        ]
  const first = errors.slice(0, 3).map(({ path, message }) => `${path === '' ? 'the body' : path}: ${message}`)
  const more = errors.length > 3 ? `; and ${errors.length - 3} more` : ''
  return new ApiProblem(code, first.join('; ') + more, { errors: listed })
}

/** The RFC 9457 document of a code. */
export function problemDocument(code: ErrorCode, detail: string, extra: ApiProblem['extra'] = {}): Problem {
  const { status, title } = errorCodes[code]
  return { type: `/problems/${code}`, title, status, detail, code, ...extra }
}
