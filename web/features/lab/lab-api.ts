import type { z } from 'zod'
import { type LabPlan, type LabView, type labInput, labPlan, labView } from '#contracts/api/lab.ts'
import type { Problem } from '#contracts/errors.ts'
import { type Answer, api } from '#web/http/api.ts'
import { understood } from '#web/http/server-state.ts'

/** What the server made of a draft, or why it cannot. */
export type Said<Value> = { ok: true; value: Value } | { ok: false; problem: Problem }

type Draft = z.infer<typeof labInput>

function said<Value>(answer: Answer, schema: z.ZodType<Value>): Said<Value> {
  if (!answer.ok) return answer
  try {
    return { ok: true, value: understood(answer.value, schema) }
  } catch (problem) {
    // It throws problem documents, and nothing else.
    return { ok: false, problem: problem as Problem }
  }
}

export const labApi = {
  /** What applying the draft would do. */
  plan: async (draft: Draft): Promise<Said<LabPlan>> => said(await api.put('/api/lab?dryRun=1', draft), labPlan),
  /** Starts, stops and wires what differs; `force`: also removes services with messages that are not settled. */
  apply: async (draft: Draft, force: boolean): Promise<Said<LabPlan>> =>
    said(await api.put(`/api/lab${force ? '?force=1' : ''}`, draft), labPlan),
  /** Writes what was applied into the lab file. */
  save: async (revision: number): Promise<Said<LabView>> =>
    said(await api.post('/api/lab/save', { revision }), labView),
}
