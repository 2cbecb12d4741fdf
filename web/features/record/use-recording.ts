'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type Recording, recording, recordings } from '#contracts/api/recording.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/http/api.ts'
import { read, serverState, understood } from '#web/http/server-state.ts'
import { saveFile } from '#web/ui/browser/save-file.ts'
import { endedRecording, oweRecording, takeRecording } from './own-recording.ts'

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

const useRecordings = () =>
  useQuery({
    queryKey,
    queryFn: ({ signal }) => read('/api/recordings', recordings, signal),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === 'recording') ? lookWhileRecordingMs : lookEveryMs,
  })

const save = ({ name, scenario = '' }: Recording): void => saveFile(`${name}.yaml`, scenario, 'application/yaml')

/** Whether something is recorded, and the way to begin and end it. */
export function useRecording(): RecordState {
  const { data } = useRecordings()
  const current = data?.items.find(({ state }) => state === 'recording')
  const change = useMutation({
    mutationFn: async (ends: Recording | undefined) => {
      const isOwn = ends !== undefined && takeRecording(window.sessionStorage, ends.id)
      const answer = await api.post(ends ? `/api/recordings/${ends.id}/stop` : '/api/recordings')
      if (!answer.ok) {
        if (isOwn) oweRecording(window.sessionStorage, ends.id)
        throw answer.problem
      }
      return understood(answer.value, recording)
    },
    onSuccess(changed) {
      if (changed.state === 'ended') save(changed)
      else oweRecording(window.sessionStorage, changed.id)
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

interface EndedState {
  saved: Recording | undefined
  problem: Problem | null
}

/** Saves the file of a recording that this tab began and that ended without it. Answers that recording, or why it cannot be read. */
export function useEndedRecording(): EndedState {
  const { data, dataUpdatedAt } = useRecordings()
  const [ended, setEnded] = useState<EndedState>({ saved: undefined, problem: null })
  useEffect(() => {
    // Looked at again after each answer, also if it is the same.
    if (!data || dataUpdatedAt === 0) return
    const going = data.items.flatMap(({ id, state }) => (state === 'recording' ? [id] : []))
    endedRecording(window.sessionStorage, going, (id) => read(`/api/recordings/${id}`, recording)).then(
      (saved) => {
        if (saved) {
          save(saved)
          setEnded({ saved, problem: null })
        }
        // What could not be read is shown until the next recording.
        else if (going.length > 0) setEnded((last) => (last.problem === null ? last : { ...last, problem: null }))
      },
      (problem: Problem) => setEnded({ saved: undefined, problem }),
    )
  }, [data, dataUpdatedAt])
  return ended
}
