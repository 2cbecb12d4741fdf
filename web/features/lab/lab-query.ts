'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { type LabView, labView } from '#contracts/api/lab.ts'
import { read } from '#web/http/server-state.ts'

/** Its key in what this page keeps of the server. */
export const labKey = ['lab'] as const

/** The lab as declared. */
export const useDeclaredLab = (): UseQueryResult<LabView> =>
  useQuery({ queryKey: labKey, queryFn: ({ signal }) => read('/api/lab', labView, signal), staleTime: 10_000 })

/** The name of the lab; undefined until it is known. */
export const useLabName = (): string | undefined => useDeclaredLab().data?.name
