import {
  type DeadLetterItem,
  type DeadLetterList,
  deadLetterListLimit,
  deadLetterLooks,
} from '#contracts/api/dead-letter.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { BrokerUnavailable } from '#workers/broker/broker.ts'
import type { DeadLetters } from '#workers/broker/dead-letters.ts'
import { ApiProblem } from '../problem/problem.ts'
import { causesOf, deadLetterItem } from './dead-letter-item.ts'

export interface DeadLetterSources {
  broker: () => BrokerName
  deadLetters: () => DeadLetters
  /** All consumer groups. */
  groups: () => readonly string[]
}

export interface DeadLetterService {
  /**
   * Of a look at up to 1,000 letters of each group, the oldest ones, those that are asked for, newest first; then of the 1,000 that came
   * after these, and so on. Rejects with the problems `unknown_consumer`, `invalid_cursor` and `broker_down`.
   */
  list(query: {
    group?: string | undefined
    cause?: string | undefined
    limit: number
    cursor?: string | undefined
  }): Promise<DeadLetterList>
  /** All that one look at a group gives, oldest first: at most `limit`, by default what one answer lists. */
  ofGroup(group: string, limit?: number): Promise<{ items: DeadLetterItem[]; more: boolean }>
}

/** Reads what is among the dead letters of the broker of now. Looks that come together share one. */
export function createDeadLetterService({ broker, deadLetters, groups }: DeadLetterSources): DeadLetterService {
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
    async list({ group, cause, limit, cursor }) {
      if (group !== undefined && !groups().includes(group)) {
        throw new ApiProblem('unknown_consumer', `there is no consumer "${group}"; known: ${groups().join(', ')}`)
      }
      const wanted = group === undefined ? groups() : [group]
      const { look, from } = placeOf(cursor)
      const found = await Promise.all(
        wanted.map(async (name) => ({ name, ...(await ofGroup(name, (look + 1) * deadLetterListLimit)) })),
      )
      const all = found.flatMap(({ items }) => items)
      const seen = found.flatMap(({ items }) => items.slice(look * deadLetterListLimit))
      const shown = (cause === undefined ? seen : seen.filter((item) => item.cause === cause)).sort((a, b) =>
        b.at.localeCompare(a.at),
      )
      const incomplete = found.filter(({ more }) => more).map(({ name }) => name)
      const next = from + limit < shown.length ? { look, from: from + limit } : { look: look + 1, from: 0 }
      const isMore = next.look === look || (incomplete.length > 0 && next.look < deadLetterLooks)
      return {
        ...{ broker: broker(), causes: causesOf(all), incomplete },
        items: shown.slice(from, from + limit),
        ...(isMore ? { nextCursor: `${next.look}.${next.from}` } : {}),
      }
    },
  }
}

function placeOf(cursor: string | undefined): { look: number; from: number } {
  if (cursor === undefined) return { look: 0, from: 0 }
  const [, look = '', from = ''] = /^(\d{1,2})\.(\d{1,6})$/.exec(cursor) ?? []
  if (from !== '' && Number(look) < deadLetterLooks) return { look: Number(look), from: Number(from) }
  throw new ApiProblem('invalid_cursor', 'use nextCursor of the previous page, or leave the cursor out')
}
