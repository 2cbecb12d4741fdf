'use client'

import { create } from 'zustand'
import { type AuditReport, auditReport } from '#contracts/api/audit.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'

/** IDLE → RUNNING → IDLE, with the report or the problem of the last one. */
interface AuditState {
  running: boolean
  report: AuditReport | undefined
  problem: Problem | undefined
  /** Waits until nothing is under way, then compares the witnesses. */
  run: () => Promise<void>
  /** Gives the running one up; the server ends it too. */
  cancel: () => void
}

/** How long the lab may take to come to rest, in milliseconds. */
const timeoutMs = 30_000
let request: AbortController | undefined

export const useAudit = create<AuditState>()((set, get) => ({
  running: false,
  report: undefined,
  problem: undefined,
  run: async () => {
    if (get().running) return
    const own = new AbortController()
    request = own
    set({ running: true, problem: undefined })
    const answer = await api.post('/api/ledger/audit', { timeoutMs }, { signal: own.signal })
    if (own.signal.aborted) return
    set(
      answer.ok
        ? { running: false, report: auditReport.parse(answer.value) }
        : { running: false, problem: answer.problem },
    )
  },
  cancel: () => {
    request?.abort()
    set({ running: false })
  },
}))
