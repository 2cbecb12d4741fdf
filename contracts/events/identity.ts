/**
 * The identity of a message: `producer:epoch:topic:seq`, for example `producer-1:3:user_signup:42`.
 * `seq` counts from 1 and is dense per (producer, epoch, topic); a restarted producer takes a new epoch.
 * Retries, dead letters and redrives keep the identity.
 */
export interface MessageIdentity {
  producer: string
  epoch: number
  topic: string
  seq: number
}

const pattern = /^([a-zA-Z0-9-]{1,64}):([1-9]\d{0,9}):([a-z][a-z0-9_]{0,63}):([1-9]\d{0,14})$/

/** The identity in its one text form. */
export function formatIdentity({ producer, epoch, topic, seq }: MessageIdentity): string {
  return `${producer}:${epoch}:${topic}:${seq}`
}

/** Reads the text form; undefined if the text is not an identity. */
export function parseIdentity(text: string): MessageIdentity | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const [, producer = '', epoch, topic = '', seq] = match
  return { producer, epoch: Number(epoch), topic, seq: Number(seq) }
}
