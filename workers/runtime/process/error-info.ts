import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'

/** An error as data. `type` is its `name` where that says more than `Error`, else its class. Never throws. */
export function errorInfoOf(error: unknown): ErrorInfo {
  if (!(error instanceof Error)) return { type: 'NonError', message: clip(String(error), 4_000) }
  const type = error.name !== '' && error.name !== 'Error' ? error.name : error.constructor.name
  return {
    type: clip(type || 'Error', 200),
    message: clip(error.message, 4_000),
    ...(error.stack === undefined ? {} : { stack: clip(error.stack, 8_000) }),
  }
}

const clip = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)
