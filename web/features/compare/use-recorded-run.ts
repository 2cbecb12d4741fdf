'use client'

import { useQuery } from '@tanstack/react-query'
import type { Problem } from '#contracts/errors.ts'
import { type RecordedRun, readRecordedRun } from '#contracts/scenario-run/recorded-run.ts'
import { api } from '#web/http/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { useUploadedRuns } from './uploaded-runs.ts'

/** A run of this lab by its id, or one that was read from a file. Nothing is asked without a name. */
export function useRecordedRun(name: string | undefined): {
  recorded: RecordedRun | undefined
  problem: string | undefined
} {
  const uploaded = useUploadedRuns(({ runs }) => (name === undefined ? undefined : runs[name]))
  const isFile = name?.startsWith('file:') ?? false
  const goesOn = useLive((live) => live.underWay?.id === name)
  const { data, error } = useQuery<ReturnType<typeof readRecordedRun>, Problem>({
    queryKey: ['recorded-run', name, goesOn],
    queryFn: async ({ signal }) => {
      const answer = await api.text(`/api/scenarios/runs/${encodeURIComponent(name ?? '')}/journal`, { signal })
      if (!answer.ok) throw answer.problem
      return readRecordedRun(String(answer.value))
    },
    enabled: name !== undefined && !isFile && !goesOn,
    staleTime: 60_000,
  })
  if (goesOn)
    return { recorded: undefined, problem: 'the run is still under way; it can be compared when it has ended' }
  if (isFile)
    return {
      recorded: uploaded,
      problem: uploaded ? undefined : 'the file is not open in this page any more; choose it again',
    }
  return { recorded: data?.recorded, problem: error?.detail ?? (data && !data.recorded ? data.problem : undefined) }
}
