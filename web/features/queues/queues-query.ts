'use client'

import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { messageRow } from '#contracts/api/journey.ts'
import {
  type ExplainQuestion,
  type PolicyTrialInput,
  policyTrialResult,
  queueExplanation,
} from '#contracts/api/queues/explanation.ts'
import { peekPageSize, queueDetails, queueMessages, queueMoves, queuesView } from '#contracts/api/queues/queues.ts'
import type { Problem } from '#contracts/errors.ts'
import { type Answer, api } from '#web/http/api.ts'
import { read, serverState, understood } from '#web/http/server-state.ts'
import { useSending } from '../form/use-sending.ts'

/** Between two looks while the page is in sight, in milliseconds; a hidden one asks nothing. */
const everyMs = 2_000
const key = 'queues'

const path = (place: string, query: Record<string, string | number> = {}): string => {
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString()
  return `/api/queues${place}${text === '' ? '' : `?${text}`}`
}

/** Everything with its counts, read again every two seconds. */
export const useQueues = () =>
  useQuery({
    queryKey: [key, 'view'],
    queryFn: ({ signal }) => read(path(''), queuesView, signal),
    refetchInterval: everyMs,
  })

/** A page of a queue's messages, looked at when it is opened and when it is asked for: a peek is a moment. */
export const usePeek = (arn: string, offset: number, enabled: boolean) =>
  useQuery({
    queryKey: [key, 'peek', arn, offset],
    queryFn: ({ signal }) => read(path('/messages', { arn, offset, limit: peekPageSize }), queueMessages, signal),
    enabled,
    placeholderData: (before) => (before?.arn === arn ? before : undefined),
  })

export const useDetails = (arn: string) =>
  useQuery({
    queryKey: [key, 'details', arn],
    queryFn: ({ signal }) => read(path('/attributes', { arn }), queueDetails, signal),
  })

/** Tasks that move messages out of a queue. */
export const useMoves = (arn: string, enabled: boolean) =>
  useQuery({
    queryKey: [key, 'moves', arn],
    queryFn: ({ signal }) => read(path('/moves', { arn }), queueMoves, signal),
    refetchInterval: everyMs,
    enabled,
  })

/** Why a message reaches a subscription or does not; nothing is asked until both are named. */
export const useExplanation = (question: ExplainQuestion | undefined) =>
  useQuery({
    queryKey: [key, 'explain', question],
    queryFn: async ({ signal }) => {
      const answer = await api.post(path('/explain'), question, { signal })
      if (!answer.ok) throw answer.problem
      return understood(answer.value, queueExplanation)
    },
    enabled: question !== undefined,
    placeholderData: (before) => before,
  })

/** What another policy would let pass of the newest messages of the lab; nothing is asked until there is one. */
export const useTrial = (trial: PolicyTrialInput | undefined) =>
  useQuery({
    queryKey: [key, 'try', trial],
    queryFn: async ({ signal }) => {
      const answer = await api.post(path('/try'), trial, { signal })
      if (!answer.ok) throw answer.problem
      return understood(answer.value, policyTrialResult)
    },
    enabled: trial !== undefined,
  })

/** Ids of the newest messages of the lab, to choose from. */
export const useNewestMessages = () =>
  useQuery({
    queryKey: [key, 'newest'],
    queryFn: ({ signal }) => read('/api/messages?limit=50', z.object({ items: z.array(messageRow) }), signal),
  })

/** Reads everything of this page again. */
export const reloadQueues = (): Promise<void> => serverState.invalidateQueries({ queryKey: [key] })

type Method = 'post' | 'put'

/** Asks for a change; one that was made shows at once. */
export async function change(method: Method, place: string, body: object): Promise<Answer> {
  const answer = await api[method](path(place), body)
  if (answer.ok) await reloadQueues()
  return answer
}

/** Asks for changes, one at a time. What was done shows at once. */
export function useAct() {
  const { sending: busy, problem, send, forget } = useSending()
  const act = (method: Method, place: string, body: object) => send(() => change(method, place, body))
  return { act, busy, problem, forget }
}

/** What is wrong at a member of the body, as a JSON pointer names it. */
export const errorAt = (problem: Problem | undefined, pointer: string): string | undefined =>
  problem?.errors?.find(({ path: at }) => at === pointer)?.message
