'use client'

import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query'
import { type FlowList, type FlowView, flowList, flowView } from '#contracts/api/flow.ts'
import { read } from '#web/http/server-state.ts'
import { type FlowFilters, flowPage } from './flow-filters.ts'

/** A list that is followed, and a flow that goes on, are read again after so long. Milliseconds. */
const againMs = 1_000

/** The flows that the filters choose, page after page; `following`: its first page is kept new. */
export const useFlows = (
  filters: FlowFilters,
  following: boolean,
): UseInfiniteQueryResult<InfiniteData<FlowList, string | undefined>> =>
  useInfiniteQuery({
    queryKey: ['flows', filters],
    queryFn: ({ pageParam, signal }) => read(flowPage(filters, pageParam), flowList, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: ({ state }) => (following && (state.data?.pages.length ?? 1) <= 1 ? againMs : false),
  })

/** How long after its last event programs may still report what they did in it, milliseconds. */
const reportedWithinMs = 15_000

/** Whether anything of a flow can still change. */
const isMoving = ({ state, unsettled, lastEvent }: FlowView): boolean =>
  state === 'open' || unsettled > 0 || Date.now() - Date.parse(lastEvent.at) < reportedWithinMs

/** One flow with the journeys of its events; nothing is asked without an id. */
export const useFlow = (id: string | undefined): UseQueryResult<FlowView> =>
  useQuery({
    queryKey: ['flow', id],
    queryFn: ({ signal }) => read(`/api/flows/${encodeURIComponent(id ?? '')}`, flowView, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data === undefined || isMoving(state.data) ? againMs : false),
  })
