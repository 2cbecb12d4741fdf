'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { read } from '#web/live/server-state.ts'

/** What this page needs of the lab as it was declared. */
const declaredLab = z.object({
  name: z.string(),
  /** Absolute path of the file that it was read from. */
  file: z.string(),
  yaml: z.string(),
  /** Changes with every change of the lab. */
  revision: z.union([z.string(), z.number()]),
})
export type DeclaredLab = z.infer<typeof declaredLab>

/** Its key in what this page keeps of the server. */
export const labKey = ['lab'] as const

/** The lab as declared. */
export const useDeclaredLab = (): UseQueryResult<DeclaredLab> =>
  useQuery({ queryKey: labKey, queryFn: ({ signal }) => read('/api/lab', declaredLab, signal), staleTime: 10_000 })

/** The name of the lab; undefined until it is known. */
export const useLabName = (): string | undefined => useDeclaredLab().data?.name
