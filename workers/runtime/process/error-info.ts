import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { createRedactor } from '#contracts/secrets.ts'

/** Errors of drivers may quote the address that they could not reach; everybody who looks at the lab sees them. */
const redact = createRedactor(process.env)

/** An error as data. `type` is its `name` where that says more than `Error`, else its class. Never throws. */
export function errorInfoOf(error: unknown): ErrorInfo {
  if (!(error instanceof Error)) return { type: 'NonError', message: clip(clean(String(error)), 4_000) }
  const type = error.name !== '' && error.name !== 'Error' ? error.name : error.constructor.name
  return {
    type: clip(type || 'Error', 200),
    message: clip(clean(error.message), 4_000),
    ...(error.stack === undefined ? {} : { stack: clip(clean(error.stack), 8_000) }),
  }
}

/** Longer than what is kept, since secrets are looked for before it is cut; and bounded, since an error may quote a megabyte. */
const clean = (text: string): string => redact(text.slice(0, 16_000))

const clip = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)
