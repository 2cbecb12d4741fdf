'use client'

import { useMutation } from '@tanstack/react-query'
import type { RunInput } from '#contracts/api/run.ts'
import { run as runSchema } from '#contracts/api/run.ts'
import { api } from '#web/http/api.ts'
import { understood } from '#web/http/server-state.ts'
import { go } from '#web/live/url-state.ts'

/** Starts a run and goes to it. What keeps it from starting comes as a problem document: another run goes on, or the file is not valid. */
export const useStartRun = () =>
  useMutation({
    mutationFn: async (input: RunInput) => {
      const answer = await api.post('/api/scenarios/runs', input)
      if (!answer.ok) throw answer.problem
      return understood(answer.value, runSchema)
    },
    onSuccess: ({ id }) => go(`/scenarios/${id}`, { scenario: undefined }),
  })
