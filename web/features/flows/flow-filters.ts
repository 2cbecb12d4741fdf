import { type FlowQuery, flowQuery, flowState } from '#contracts/api/flow.ts'
import type { Patch } from '#web/live/url-state.ts'

/** Which flows are listed, as in the address. */
export type FlowFilters = Partial<Pick<FlowQuery, 'flow' | 'state' | 'q' | 'order'>>

/** Parameters of the address that belong to the list of flows; its text is the `q` of every tab. */
export const noFlowFilters: Patch = { flowName: undefined, flowState: undefined, order: undefined }

/** Reads the filters of an address; one that no flow could have is left out. */
export function flowFiltersOf(query: URLSearchParams): FlowFilters {
  const name = flowQuery.shape.flow.safeParse(query.get('flowName') ?? undefined)
  const state = flowState.safeParse(query.get('flowState'))
  const q = query.get('q')?.trim().slice(0, 200)
  return {
    ...(name.success && name.data !== undefined ? { flow: name.data } : {}),
    ...(state.success ? { state: state.data } : {}),
    ...(q ? { q } : {}),
    ...(query.get('order') === 'unusual' ? { order: 'unusual' as const } : {}),
  }
}

/** The address of a page of the list. */
export function flowPage(filters: FlowFilters, cursor: string | undefined): string {
  const query = new URLSearchParams({ ...filters, limit: '100' })
  if (cursor !== undefined) query.set('cursor', cursor)
  return `/api/flows?${query}`
}
