import type { RetryPolicy } from '#contracts/brokers/retry-policy.ts'
import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import type { CrashNote } from '#contracts/protocols/worker.ts'
import type { Delivery, Settlement } from '#workers/broker/broker.ts'
import { decideAfterError } from './decide.ts'

/** The error of an attempt that ended its process. */
const crashError = ({ how }: CrashNote): ErrorInfo => ({
  type: 'ProcessCrashed',
  message: `the process that handled it ${inWords(how)}`,
})

/** `SIGKILL`, `code 1`, `code 1: why the worker could not go on`, as the sidecar has it. */
function inWords(how: string): string {
  const code = /^code (\d+.*)$/s.exec(how)?.[1]
  return code === undefined ? `was ended by ${how}` : `ended with exit code ${code}`
}

/** A delivery with what its crashes make of it. */
export interface AfterCrash {
  /** Its attempt counts the runs that ended a process, which the broker may not know of. */
  delivery: Delivery
  /** Its dead letter, where the policy allows no further attempt. */
  end?: Extract<Settlement, { kind: 'dead-letter' }>
}

/** `note` undefined: it has ended no process, and nothing is changed. */
export function afterCrash(
  delivery: Delivery,
  note: CrashNote | undefined,
  policyOf: (type: string) => RetryPolicy,
  random: () => number,
): AfterCrash {
  const { envelope } = delivery
  if (note === undefined || envelope === undefined) return { delivery }
  const attempt = ownAttempt(delivery, note)
  const end = givenUpAfter(note, policyOf(envelope.type), random)
  if (end !== undefined) return { delivery: { ...delivery, attempt: note.attempt }, end }
  return { delivery: { ...delivery, attempt: Math.max(attempt, note.attempt + 1) } }
}

/** Without the times that it was only beside what ended the process, where the broker counted them. */
function ownAttempt({ attempt, receiveCount }: Delivery, { spared }: CrashNote): number {
  return spared === undefined || receiveCount <= spared.after ? attempt : Math.max(1, attempt - spared.times)
}

/**
 * The dead letter of a message whose last attempt ended its process, where its policy allows no further one; undefined if it
 * does, or where other messages were in flight as well and may have done it.
 */
function givenUpAfter(
  note: CrashNote,
  policy: RetryPolicy,
  random: () => number,
): Extract<Settlement, { kind: 'dead-letter' }> | undefined {
  if (note.attempt === 0) return undefined
  const settlement = decideAfterError(policy, note.attempt, crashError(note), random)
  return settlement.kind === 'dead-letter' ? settlement : undefined
}
