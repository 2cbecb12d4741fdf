import { type Problem, problem } from '#contracts/errors.ts'
import { writeJson } from '#contracts/events/exact-json.ts'
import { parseExact } from '#contracts/events/exact-numbers.ts'
import { useLive } from '#web/live/live-store.ts'
import { heldReason } from '#web/live/replay.ts'

/**
 * What the REST API answered: the value of the body, not yet parsed, or a problem document. A number in user data that has more digits
 * than JavaScript has room for comes as `ExactJson`, and one that is sent goes out as it is written.
 */
export type Answer = { ok: true; status: number; value: unknown } | { ok: false; problem: Problem }

interface CallOptions {
  signal?: AbortSignal
}

/** A problem that the browser itself states, where the server could not. `status` 0: it did not answer at all. */
function ownProblem(status: number, detail: string): Problem {
  return { type: '/problems/internal', title: 'The control plane failed', status, detail, code: 'internal' }
}

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined)
  const parsed = problem.safeParse(body)
  if (parsed.success) return parsed.data
  return ownProblem(response.status, `The server answered ${response.status} ${response.statusText} without a reason.`)
}

async function call(method: string, path: string, body?: unknown, { signal }: CallOptions = {}): Promise<Answer> {
  if (method !== 'GET' && useLive.getState().replay) return { ok: false, problem: ownProblem(0, heldReason) }
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = 'application/json'
  try {
    const response = await fetch(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: writeJson(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
    if (!response.ok) return { ok: false, problem: await problemOf(response) }
    if (response.status === 204) return { ok: true, status: 204, value: undefined }
    return { ok: true, status: response.status, value: parseExact(await response.text()) }
  } catch (error) {
    return noAnswer(error, signal)
  }
}

function noAnswer(error: unknown, signal: AbortSignal | undefined): Answer {
  if (signal?.aborted) return { ok: false, problem: ownProblem(0, 'The request was given up.') }
  const why = error instanceof Error ? error.message : String(error)
  return { ok: false, problem: ownProblem(0, `The server did not answer (${why}). Is the lab still running?`) }
}

/** A body that is not JSON. */
async function text(path: string, { signal }: CallOptions = {}): Promise<Answer> {
  try {
    const response = await fetch(path, signal === undefined ? {} : { signal })
    if (!response.ok) return { ok: false, problem: await problemOf(response) }
    return { ok: true, status: response.status, value: await response.text() }
  } catch (error) {
    return noAnswer(error, signal)
  }
}

/** Calls the lab's REST API; a lab with a token knows this browser by its cookie. It never throws: what went wrong comes back as a problem document. */
export const api = {
  get: (path: string, options?: CallOptions) => call('GET', path, undefined, options),
  text,
  post: (path: string, body?: unknown, options?: CallOptions) => call('POST', path, body ?? {}, options),
  put: (path: string, body?: unknown, options?: CallOptions) => call('PUT', path, body ?? {}, options),
  delete: (path: string, options?: CallOptions) => call('DELETE', path, undefined, options),
}
