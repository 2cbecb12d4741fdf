import { parseIdentity } from '../events/identity.ts'

/**
 * A number in [0, 1) that depends on the seed and the name alone: the same on every run and in every process.
 * FNV-1a with the finalizer of MurmurHash3, which spreads names that differ in their last digit only.
 */
export function drawOf(seed: number, name: string): number {
  let hash = 0x811c9dc5
  const text = `${seed}/${name}`
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000
}

/** Whether a fault hits the one with this name. A higher percentage keeps the victims of a lower one. */
export function isVictim(fault: { seed: number; percent: number }, name: string): boolean {
  return fault.percent >= 100 || drawOf(fault.seed, name) * 100 < fault.percent
}

/**
 * Trace ids of the messages of a scenario's run begin with this. Eight digits of the run follow, and then sixteen with the number of the
 * message in the run, from 1.
 */
export const runTraceMark = 'fa017111'

/**
 * A message's name in the draw. A message of a run is named by its number in the run, so that the same seed has the same victims whatever
 * the lab published before; any other by its identity without the epoch, so that a restarted producer's run has the same victims.
 */
export function victimName(messageId: string, traceparent = ''): string {
  const traceId = traceparent.slice(3, 35)
  if (traceId.startsWith(runTraceMark)) return `run:${traceId.slice(16)}`
  const identity = parseIdentity(messageId)
  return identity ? `${identity.producer}:${identity.topic}:${identity.seq}` : messageId
}
