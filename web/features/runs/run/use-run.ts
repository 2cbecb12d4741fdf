'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { Run } from '#contracts/api/run.ts'
import type { Problem } from '#contracts/errors.ts'
import type { JournalLine } from '#contracts/scenario-run/journal-line.ts'
import { readJournal } from '#contracts/scenario-run/read-journal.ts'
import { runOf } from '#contracts/scenario-run/run-of.ts'
import { api } from '#web/http/api.ts'
import { serverState } from '#web/http/server-state.ts'
import { useLive, watchLive } from '#web/live/live-store.ts'

/** A run with the lines that it is folded from. */
export interface ReadRun {
  run: Run
  lines: readonly JournalLine[]
  /** The text of its file. */
  scenario: string
}

const none: readonly JournalLine[] = []

/** READING → FOLLOWING while it goes on → READ. What is past comes from the API, what comes is pushed by the socket. */
export function useRun(id: string): { read: ReadRun | undefined; error: Problem | null; again: () => void } {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['run-journal', id],
    queryFn: async ({ signal }) => {
      const answer = await api.text(`/api/scenarios/runs/${encodeURIComponent(id)}/journal`, { signal })
      if (!answer.ok) throw answer.problem
      return readJournal(String(answer.value))
    },
  })
  const pushed = useLive((live) => (live.run?.id === id ? live.run : undefined))
  const goesOn = useLive((live) => live.underWay?.id === id)
  const past = data?.lines ?? none
  const isWhole = past.at(-1)?.kind === 'end'
  const after = data === undefined || isWhole ? undefined : past.length
  useEffect(() => {
    watchLive({ run: after === undefined ? null : { id, after } })
  }, [id, after])
  useEffect(() => () => watchLive({ run: null }), [])
  // A run that ended otherwise than by its last line was ended with its control plane: what that wrote is read again.
  useEffect(() => {
    if (!goesOn) void serverState.invalidateQueries({ queryKey: ['run-journal', id] })
  }, [id, goesOn])

  const lines = useMemo(() => {
    if (!pushed || pushed.from > past.length) return past
    return [...past, ...pushed.lines.slice(past.length - pushed.from)]
  }, [past, pushed])
  // What was pushed came after a gap: the journal is read again, and followed from there.
  const isBehind = pushed !== undefined && pushed.from > past.length
  useEffect(() => {
    if (isBehind && !isFetching) void refetch()
  }, [isBehind, isFetching, refetch])

  const isOpen = lines.at(-1)?.kind !== 'end' && (goesOn || isFetching)
  const now = useLive((live) => (isOpen ? live.at : 0))
  const problem = isOpen || lines.at(-1)?.kind === 'end' ? undefined : data?.problem
  const folded = useMemo(() => {
    const [first] = lines
    if (first?.kind !== 'run') return undefined
    return { run: runOf(lines, problem === undefined ? {} : { problem }), lines, scenario: first.scenario }
  }, [lines, problem])
  const read = useMemo(() => {
    if (!folded || folded.run.state === 'ended' || now === 0) return folded
    const elapsedMs = Math.max(folded.run.elapsedMs, now - Date.parse(folded.run.startedAt))
    return { ...folded, run: { ...folded.run, elapsedMs } }
  }, [folded, now])
  return {
    read,
    error: read ? null : (error ?? (data && lines.length === 0 ? noRun(data.problem) : null)),
    again: () => void refetch(),
  }
}

const noRun = (detail = ''): Problem => ({
  ...{ type: '/problems/internal', title: 'The journal cannot be read', status: 200, code: 'internal', detail },
})
