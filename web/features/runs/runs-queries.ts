'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { z } from 'zod'
import { type RunItem, runItem, type ScenarioItem, scenarioCheck, scenarioItem } from '#contracts/api/run.ts'
import type { FileProblem } from '#contracts/yaml-document/file-problem.ts'
import { api } from '#web/http/api.ts'
import { read, serverState, understood } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'

const scenarios = z.object({ items: z.array(scenarioItem) })
const runs = z.object({ items: z.array(runItem) })
const runsKey = ['runs'] as const

/** The shipped scenarios, in the order of their files. */
export const useScenarios = (): UseQueryResult<ScenarioItem[]> =>
  useQuery({
    queryKey: ['scenarios'],
    queryFn: async ({ signal }) => (await read('/api/scenarios', scenarios, signal)).items,
    staleTime: 60_000,
  })

/** Runs, newest first. They are asked for again when one begins or ends, which the socket announces. */
export function useRuns(): UseQueryResult<RunItem[]> {
  const underWay = useLive((live) => live.underWay?.id)
  const query = useQuery({
    queryKey: runsKey,
    queryFn: async ({ signal }) => (await read('/api/scenarios/runs', runs, signal)).items,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: which run goes on decides what the list says
  useEffect(() => {
    void serverState.invalidateQueries({ queryKey: runsKey })
  }, [underWay])
  return query
}

/** What is wrong with a text in this lab; undefined if it is not known yet. The last answer stays while the next is asked for. */
export const useScenarioCheck = (text: string, seed: number | undefined): UseQueryResult<FileProblem[]> =>
  useQuery({
    queryKey: ['scenario-check', text, seed],
    queryFn: async ({ signal }) => {
      const body = { scenario: text, dryRun: true, ...(seed === undefined ? {} : { seed }) }
      const answer = await api.post('/api/scenarios/runs', body, { signal })
      if (!answer.ok) throw answer.problem
      return understood(answer.value, scenarioCheck).problems
    },
    enabled: text.trim() !== '',
    placeholderData: (before) => before,
    gcTime: 10_000,
  })
