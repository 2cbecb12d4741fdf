import { z } from 'zod'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/live/api.ts'
import { understood } from '#web/live/server-state.ts'

/** One line of a plan. `+` added, `~` changed, `-` removed, `=` stays. */
const planLine = z.object({
  mark: z.enum(['+', '~', '-', '=']),
  /** `service`, `queue`, `topic`, `flow`, `event`. */
  what: z.string(),
  name: z.string(),
  change: z.string(),
  /** What becomes of it when the plan is applied: `started`, `made`, `stays up`. */
  onApply: z.string(),
})
export type PlanLine = z.infer<typeof planLine>

const answer = z.object({ plan: z.array(planLine) })

/** What was said of a draft: what applying it would do, or why it cannot be applied. */
export type Checked = { ok: true; plan: PlanLine[] } | { ok: false; problem: Problem }

interface Draft {
  yaml: string
  /** Of the lab that the draft was begun from. */
  revision: string | number
}

async function put(path: string, draft: Draft & { confirm?: boolean }): Promise<Checked> {
  const said = await api.put(path, draft)
  if (!said.ok) return said
  try {
    return { ok: true, plan: understood(said.value, answer).plan }
  } catch (problem) {
    return { ok: false, problem: problem as Problem }
  }
}

export const labApi = {
  /** What applying the draft would do. */
  plan: (draft: Draft) => put('/api/lab?dryRun=1', draft),
  /** Starts, stops and wires what differs. */
  apply: (draft: Draft) => put('/api/lab', draft),
}
