import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What a replica's program shows when it reports its own spans and log lines to the control plane. It follows from
 * `FAULTLINE_AGENT_TOKEN`, so that a sidecar makes it and web knows it without a word between them; it opens nothing else, and
 * does not tell what it was made of.
 */
export const reportTokenOf = (agentToken: string, instance: string): string =>
  `${instance}.${createHmac('sha256', agentToken).update(`report ${instance}`).digest('base64url')}`

/** The replica whose token it is; undefined if it is not of this lab. Compared in constant time. */
export function replicaOfToken(agentToken: string, token: string): string | undefined {
  const instance = token.slice(0, Math.max(0, token.lastIndexOf('.')))
  const given = Buffer.from(token)
  const right = Buffer.from(reportTokenOf(agentToken, instance))
  return given.length === right.length && timingSafeEqual(given, right) ? instance : undefined
}
