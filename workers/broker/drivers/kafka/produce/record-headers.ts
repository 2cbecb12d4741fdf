import type { IHeaders } from 'kafkajs'

/** Headers that the driver adds to a copy in a retry topic and takes off before the handler sees the message. */
export const retryHeader = {
  /** Epoch milliseconds before which the message must not be handled. */
  due: 'faultline_due',
  /** The handler run that it waits for, from 2. */
  attempt: 'faultline_attempt',
  /** Deliveries of the message to this group so far. */
  receives: 'faultline_receives',
  /** `partition@offset` in its own topic. */
  ref: 'faultline_ref',
} as const

const added: ReadonlySet<string> = new Set(Object.values(retryHeader))

/** Headers as text. Of a name that stands several times the last one counts. */
export function textHeaders(headers: IHeaders | undefined): Record<string, string> {
  const text: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value
    if (last !== undefined) text[name] = last.toString()
  }
  return text
}

/** Splits what the driver added from what the publisher wrote. */
export function splitHeaders(all: Record<string, string>): {
  own: Record<string, string>
  retry: { due: number; attempt: number; receives: number; ref: string | undefined }
} {
  const own = Object.fromEntries(Object.entries(all).filter(([name]) => !added.has(name)))
  const count = (name: string, fallback: number) => {
    const number = Number(all[name])
    return Number.isInteger(number) && number > 0 ? number : fallback
  }
  return {
    own,
    retry: {
      due: count(retryHeader.due, 0),
      attempt: count(retryHeader.attempt, 1),
      receives: count(retryHeader.receives, 0),
      ref: all[retryHeader.ref],
    },
  }
}
