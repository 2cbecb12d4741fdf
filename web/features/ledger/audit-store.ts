'use client'

import { useQuery } from '@tanstack/react-query'
import { type AuditReport, auditReport } from '#contracts/api/audit.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'
import { serverState, understood } from '#web/live/server-state.ts'

/** IDLE → RUNNING → IDLE, with the report or the problem of the last one. */
interface Audit {
  running: boolean
  report: AuditReport | undefined
  problem: Problem | undefined
  /** Waits until nothing is under way, then compares the witnesses. */
  run: () => void
  /** Gives the running one up; the server ends it too. */
  cancel: () => void
}

/** How long the lab may take to come to rest, in milliseconds. */
const timeoutMs = 30_000
const queryKey = ['audit']
const cancel = (): void => void serverState.cancelQueries({ queryKey })

/** The last audit; one for all parts that show it, made only when it is asked for. */
export function useAudit(): Audit {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const answer = await api.post('/api/ledger/audit', { timeoutMs }, { signal })
      if (!answer.ok) throw answer.problem
      return understood(answer.value, auditReport)
    },
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  })
  const problem = isFetching ? undefined : (error ?? undefined)
  return { running: isFetching, report: data, problem, run: () => void refetch({ cancelRefetch: false }), cancel }
}
