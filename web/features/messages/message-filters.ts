import { obligationState, publishState } from '#contracts/journey.ts'
import type { Watch } from '#contracts/live-protocol.ts'
import type { Patch } from '#web/live/url-state.ts'

/** Filters of the list, as they stand in the address. */
export type MessageFilters = Exclude<Watch['tail'], null>

const names = ['type', 'group', 'state', 'burst', 'key', 'q'] as const

/** Reads the filters of an address; one that no message could have is left out. */
export function filtersOf(query: URLSearchParams): MessageFilters {
  const filters: MessageFilters = {}
  for (const name of names) {
    const value = query.get(name)?.trim()
    if (!value) continue
    if (name !== 'state') filters[name] = name === 'q' ? value.slice(0, 200) : value
    else {
      const obligation = obligationState.safeParse(value)
      const publish = publishState.safeParse(value)
      if (obligation.success) filters.state = obligation.data
      else if (publish.success) filters.state = publish.data
    }
  }
  return filters
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
