'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { type Recording, recording, recordings } from '#contracts/api/recording.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'
import { read, serverState, understood } from '#web/live/server-state.ts'
import { saveFile } from '#web/ui/save-file.ts'

const queryKey = ['recordings']
/** Somebody else may begin or end one, and it ends by itself; in milliseconds. */
const lookEveryMs = 3_000
const lookWhileRecordingMs = 1_000

interface RecordState {
  /** The recording that goes on, whoever began it. */
  current: Recording | undefined
  /** The one that was ended last in this page; its file was saved. */
  saved: Recording | undefined
  problem: Problem | null
  isBusy: boolean
  /** Begins one, or ends the one that goes on and saves its file. */
  toggle: () => void
}

/** Whether something is recorded, and the way to begin and end it. */
export function useRecording(): RecordState {
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => read('/api/recordings', recordings, signal),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === 'recording') ? lookWhileRecordingMs : lookEveryMs,
  })
  const current = data?.items.find(({ state }) => state === 'recording')
  const change = useMutation({
    mutationFn: async (ends: Recording | undefined) => {
      const answer = await api.post(ends ? `/api/recordings/${ends.id}/stop` : '/api/recordings')
      if (!answer.ok) throw answer.problem
      return understood(answer.value, recording)
    },
    onSuccess(changed) {
      if (changed.state === 'ended') saveFile(`${changed.name}.yaml`, changed.scenario ?? '', 'application/yaml')
    },
    onSettled: () => serverState.invalidateQueries({ queryKey }),
  })
  return {
    current,
    saved: change.data?.state === 'ended' ? change.data : undefined,
    problem: change.error as Problem | null,
    isBusy: change.isPending,
    toggle: () => change.mutate(current),
  }
}
