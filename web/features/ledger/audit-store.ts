'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type AuditReport, auditReport, lastAudit } from '#contracts/api/audit.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/http/api.ts'
import { read, serverState, understood } from '#web/http/server-state.ts'
import { useLive } from '#web/live/live-store.ts'
import { useIsReplayed } from '#web/live/replay.ts'

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

/** The last audit of the lab, whoever asked for it; read again when the event log reports another. */
function useLastAudit(): AuditReport | undefined {
  const announced = useLive((live) =>
    live.events.reduce((last, { kind, seq }) => (kind === 'audit' ? Math.max(last, seq) : last), 0),
  )
  const isKnown = useLive((live) => live.lab !== undefined)
  const isReplayed = useIsReplayed()
  const { data } = useQuery({
    queryKey: ['last-audit', announced],
    queryFn: ({ signal }) => read('/api/audits/last', lastAudit, signal),
    enabled: isKnown && !isReplayed,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data?.report ?? undefined
}

/** The last audit; one for all parts that show it, made only when it is asked for. */
export function useAudit(): Audit {
  const last = useLastAudit()
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
  const report = data === undefined || (last !== undefined && last.at > data.at) ? last : data
  return { running: isFetching, report, problem, run: () => void refetch({ cancelRefetch: false }), cancel }
}
