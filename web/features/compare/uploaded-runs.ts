'use client'
import { create } from 'zustand'
import { type RecordedRun, readRecordedRun } from '#contracts/scenario-run/recorded-run.ts'

/** Greatest journal that is read from a file, in bytes: what a run of an hour writes, many times over. */
export const mostJournalBytes = 32 * 1024 * 1024

interface UploadedRuns {
  /** By the name that is in the address, `file:<id of its run>`. */
  runs: Record<string, RecordedRun>
  /** What is wrong with the last file, for a person. */
  problem: string | undefined
  /** Reads a journal; resolves with its name, or undefined if it is not one. */
  add: (file: Pick<File, 'name' | 'size' | 'text'>) => Promise<string | undefined>
}

/** Journals of other machines. They are read in this page and stay in it: nothing is sent to the lab, and a reload forgets them. */
export const useUploadedRuns = create<UploadedRuns>()((set) => ({
  runs: {},
  problem: undefined,
  add: async (file) => {
    const refuse = (problem: string): undefined => {
      set({ problem: `${file.name}: ${problem}` })
      return undefined
    }
    if (file.size > mostJournalBytes) return refuse(`it is larger than ${mostJournalBytes / 1024 / 1024} MB`)
    const { recorded, problem = 'it is not a journal of a run' } = readRecordedRun(await file.text())
    if (!recorded) return refuse(problem)
    const name = `file:${recorded.run.id}`
    set(({ runs }) => ({ runs: { ...runs, [name]: recorded }, problem: undefined }))
    return name
  },
}))
