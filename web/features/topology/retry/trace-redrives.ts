import type { Redriven } from '#contracts/api/dead-letter.ts'
import type { Attempt, Obligation } from '#contracts/api/journey.ts'

/** What a group's dead letters and redrives did with one message. */
export interface TracedRedrives {
  /** Its redrives in this group, oldest first. */
  redrives: readonly Redriven[]
  /** Milliseconds that it lay in the dead letters before them, all stays together. */
  heldMs: number
  /** Milliseconds that it waited for its attempts, without those stays. */
  waitedMs: number
  /** Whether one of them took another body back. */
  edited: boolean
}

/** Clocks of the control plane and of a worker may differ by so much, in milliseconds. */
const slackMs = 50

/** `redrives`: those of the message, of all groups. */
export function redrivesOf({ group, attempts, state }: Obligation, redrives: readonly Redriven[]): TracedRedrives {
  const own = redrives.filter((one) => one.group === group)
  let heldMs = 0
  let waitedMs = 0
  let previous: Attempt | undefined
  const taken = new Set<Redriven>()
  const sentUntil = (until: number): number | undefined => {
    if (!previous) return undefined
    const freeAt = endOf(previous)
    const found = own.find(
      (one) => !taken.has(one) && Date.parse(one.at) >= freeAt - slackMs && Date.parse(one.at) <= until + slackMs,
    )
    if (!found) return undefined
    taken.add(found)
    const at = Math.max(freeAt, Date.parse(found.at))
    heldMs += at - freeAt
    return at
  }
  for (const attempt of attempts) {
    const startedAt = Date.parse(attempt.startedAt)
    const sent = sentUntil(startedAt)
    waitedMs += sent === undefined ? attempt.queueMs : Math.max(0, startedAt - sent)
    previous = attempt
  }
  if (state === 'waiting') sentUntil(Number.POSITIVE_INFINITY)
  const drawn = own.filter((one) => taken.has(one))
  return { redrives: drawn, heldMs, waitedMs, edited: drawn.some(({ body }) => body !== undefined) }
}

const endOf = ({ startedAt, handlingMs }: Attempt): number => Date.parse(startedAt) + (handlingMs ?? 0)
