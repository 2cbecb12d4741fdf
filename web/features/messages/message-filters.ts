import { messageQuery, obligationState, obligationStates, publishState } from '#contracts/api/journey.ts'
import type { Watch } from '#contracts/api/live.ts'
import { brokerName } from '#contracts/brokers/broker-name.ts'
import type { Patch } from '#web/live/url-state.ts'

/** Filters of the list, as in the address. */
export type MessageFilters = Exclude<Watch['tail'], null>

const names = ['ids', 'type', 'topic', 'group', 'state', 'broker', 'burst', 'key', 'q'] as const

/** Reads the filters of an address; one that no message could have is left out. */
export function filtersOf(query: URLSearchParams): MessageFilters {
  const filters: MessageFilters = {}
  for (const name of names) {
    const value = query.get(name)?.trim()
    if (value) Object.assign(filters, read(name, value))
  }
  return filters
}

function read(name: (typeof names)[number], value: string): MessageFilters {
  switch (name) {
    case 'state': {
      for (const states of [obligationState, obligationStates, publishState]) {
        const parsed = states.safeParse(value)
        if (parsed.success) return { state: parsed.data }
      }
      return {}
    }
    case 'broker': {
      const parsed = brokerName.safeParse(value)
      return parsed.success ? { broker: parsed.data } : {}
    }
    case 'ids': {
      const parsed = messageQuery.shape.ids.safeParse(value)
      return parsed.success && parsed.data !== undefined ? { ids: parsed.data } : {}
    }
    case 'q':
      return { q: value.slice(0, 200) }
    default:
      return { [name]: value }
  }
}

/** Filters without the text: those that the filter button counts. */
export const filterCount = ({ q: _, ...filters }: MessageFilters): number => Object.keys(filters).length

export const noFilters: Patch = Object.fromEntries(names.map((name) => [name, undefined]))

/** The query of `GET /api/messages` for a page of the list. */
export function pageQuery(filters: MessageFilters, limit: number, cursor?: string): string {
  const query = new URLSearchParams({ ...filters, limit: String(limit) })
  if (cursor !== undefined) query.set('cursor', cursor)
  return `/api/messages?${query}`
}
