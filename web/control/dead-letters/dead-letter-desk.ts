import { type DeadLetterItem, type DeadLetterList, deadLetterListLimit } from '#contracts/api/dead-letter.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { BrokerUnavailable } from '#workers/broker/broker.ts'
import type { DeadLetters } from '#workers/broker/dead-letters.ts'
import { ApiProblem } from '../problem/problem.ts'
import { causesOf, deadLetterItem } from './dead-letter-item.ts'

export interface DeskSources {
  broker: () => BrokerName
  deadLetters: () => DeadLetters
  /** All consumer groups. */
  groups: () => readonly string[]
}

export interface DeadLetterDesk {
  /** Newest first. Rejects with the problems `unknown_consumer` and `broker_down`. */
  list(query: { group?: string | undefined; cause?: string | undefined; limit: number }): Promise<DeadLetterList>
  /** All that one look at a group gives, oldest first: at most `limit`, by default what one answer lists. */
  ofGroup(group: string, limit?: number): Promise<{ items: DeadLetterItem[]; more: boolean }>
}

/** Reads what stands among the dead letters of the broker of now. Looks that come together share one. */
export function createDeadLetterDesk({ broker, deadLetters, groups }: DeskSources): DeadLetterDesk {
  const looks = new Map<string, Promise<{ items: DeadLetterItem[]; more: boolean }>>()

  function ofGroup(group: string, limit = deadLetterListLimit): Promise<{ items: DeadLetterItem[]; more: boolean }> {
    const key = `${broker()} ${group} ${limit}`
    const under = looks.get(key)
    if (under) return under
    const look = deadLetters()
      .list(group, limit)
      .then(({ letters, more }) => ({ items: letters.map((letter) => deadLetterItem(group, letter)), more }))
      .catch((error: unknown) => {
        if (error instanceof BrokerUnavailable) throw new ApiProblem('broker_down', error.message)
        throw error
      })
      .finally(() => looks.delete(key))
    looks.set(key, look)
    return look
  }

  return {
    ofGroup,
    async list({ group, cause, limit }) {
      if (group !== undefined && !groups().includes(group)) {
        throw new ApiProblem('unknown_consumer', `there is no consumer "${group}"; known: ${groups().join(', ')}`)
      }
      const wanted = group === undefined ? groups() : [group]
      const found = await Promise.all(wanted.map(async (name) => ({ name, ...(await ofGroup(name)) })))
      const all = found.flatMap(({ items }) => items)
      const shown = cause === undefined ? all : all.filter((item) => item.cause === cause)
      return {
        broker: broker(),
        items: shown.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit),
        causes: causesOf(all),
        incomplete: found.filter(({ more }) => more).map(({ name }) => name),
      }
    },
  }
}
