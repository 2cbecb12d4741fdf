'use client'

import { z } from 'zod'
import { create } from 'zustand'
import { auditReport } from '#contracts/api/audit.ts'
import { journey } from '#contracts/api/journey.ts'
import type { Problem } from '#contracts/errors.ts'
import { knownEventTypes } from '#web/features/event-types/event-types-store.ts'
import { api } from '#web/http/api.ts'
import { useLive } from '#web/live/live-store.ts'
import { go, setParams } from '#web/live/url-state.ts'
import { awayMs, cutMs, type GuideAct, guideLoad } from './guide-steps.ts'
import type { GuideSubject } from './guide-subject.ts'
import { type GuideRecord, type GuideView, repeatsOf } from './guide-view.ts'

/**
 * The acts of the first experiment and what they began. IDLE → ACTING → IDLE, with the problem of an act that was refused. Which step is
 * shown is in the address; what was begun is kept for this tab, so that a reload goes on.
 */
interface GuideState {
  record: GuideRecord
  acting: boolean
  problem: Problem | undefined
  act: (act: GuideAct, view: GuideView) => Promise<void>
  note: (record: Partial<GuideRecord>) => void
  /** Forgets what an earlier experiment began. */
  begin: () => void
}

const withId = z.object({ id: z.string() })
const storageKey = 'faultline.guide'
const kept = z
  .object({
    message: z.string(),
    handled: z.boolean(),
    burst: z.string(),
    kill: z.string(),
    cut: z.string(),
    repeatedBefore: z.number(),
    retried: z.boolean(),
    looked: z.boolean(),
    lab: z.string(),
    begunAt: z.object({ burst: z.number(), kill: z.number(), cut: z.number() }).partial(),
    ended: z.array(z.int()).max(20),
    verdict: z.object({ result: z.enum(['pass', 'fail', 'inconclusive']), reasons: z.array(z.string()) }),
  })
  .partial()

/** Counts experiments: an answer that comes after its experiment was left for a new one is not that one's. */
let experiment = 0

export const useGuide = create<GuideState>()((set, get) => ({
  ...{ record: remembered(), acting: false, problem: undefined },
  note: (more) => {
    const lab = useLive.getState().lab?.startedAt
    const record = { ...get().record, ...(lab === undefined ? {} : { lab }), ...more }
    set({ record })
    keep(record)
  },
  begin: () => {
    experiment += 1
    set({ record: {}, acting: false, problem: undefined })
    keep({})
  },
  act: async (act, view) => {
    if (get().acting) return
    const own = experiment
    set({ acting: true, problem: undefined })
    const done = await acts[act](view).catch((error: unknown): Done => ({ problem: notUnderstood(error) }))
    if (own !== experiment) return
    set({ acting: false, ...('problem' in done ? { problem: done.problem } : {}) })
    if (!('problem' in done)) get().note(done)
  },
}))

type Done = Partial<GuideRecord> | { problem: Problem }

/** Calls the API and takes the id of what it began under `name`. */
async function begun(name: 'message' | 'burst' | 'kill' | 'cut', path: string, body: unknown): Promise<Done> {
  const answer = await api.post(path, body)
  if (!answer.ok) return { problem: answer.problem }
  const { begunAt } = useGuide.getState().record
  return { [name]: withId.parse(answer.value).id, begunAt: { ...begunAt, [name]: useLive.getState().at } }
}

const acts: Record<GuideAct, (view: GuideView) => Promise<Done>> = {
  publish: ({ subject }) => begun('message', '/event', { type: subject.type, data: exampleOf(subject) }),
  load: ({ subject }) => begun('burst', '/api/bursts', { type: subject.type, ...guideLoad }),
  kill: async ({ subject: { consumer, instance } }) => {
    const repeatedBefore = repeatsOf(useLive.getState(), consumer)
    const params = { restartAfterMs: awayMs }
    const done = await begun('kill', '/api/faults', {
      type: 'process.kill',
      target: { service: consumer, instance },
      params,
    })
    return 'problem' in done ? done : { ...done, repeatedBefore }
  },
  look: async ({ repeated, repeatedSample }) => {
    if (repeated > 0 && repeatedSample !== undefined)
      setParams({ message: repeatedSample, node: undefined, edge: undefined })
    return { looked: true }
  },
  cut: ({ subject: { link } }) =>
    begun('cut', '/api/faults', { type: 'link.down', target: { link }, durationMs: cutMs }),
  heal: async ({ cut }): Promise<Done> => {
    const answer = await api.delete(`/api/faults/${encodeURIComponent(cut?.id ?? '')}`)
    return answer.ok ? {} : { problem: answer.problem }
  },
  judge: async ({ record, burst }) => {
    if (record.burst !== undefined && burst?.state === 'running') {
      const stopped = await api.delete(`/api/bursts/${encodeURIComponent(record.burst)}`)
      if (!stopped.ok) return { problem: stopped.problem }
    }
    const answer = await api.post('/api/ledger/audit', { timeoutMs: 30_000 })
    if (!answer.ok) return { problem: answer.problem }
    const { verdict } = auditReport.parse(answer.value)
    return { verdict: { result: verdict.result, reasons: verdict.reasons.slice(0, 5) } }
  },
}

const exampleOf = ({ type }: GuideSubject): unknown =>
  knownEventTypes().find(({ name }) => name === type)?.example ?? {}

/** Reads whether every consumer has handled the message of the first step. */
export async function lookAtMessage(id: string): Promise<void> {
  const own = experiment
  const answer = await api.get(`/api/messages/${encodeURIComponent(id)}`)
  if (!answer.ok || own !== experiment) return
  const { obligations } = journey.parse(answer.value)
  const isHandled =
    obligations.length > 0 && obligations.every(({ state }) => state === 'delivered' || state === 'dead_lettered')
  if (isHandled) useGuide.getState().note({ handled: true })
}

/** Opens the experiment at a step, 1 to 7. */
export const openGuide = (step: number): void => setParams({ guide: String(step) }, { replace: step > 1 })

/** Begins a new experiment on the graph. */
export function startGuide(): void {
  useGuide.getState().begin()
  go('/', { guide: '1', panel: 'none', node: undefined, edge: undefined, message: undefined, flow: undefined })
}

/** Ends the experiment where it is and leaves the lab as it is. */
export const leaveGuide = (): void => setParams({ guide: undefined })

function keep(record: GuideRecord): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(record))
  } catch {
    // A browser that keeps nothing goes on without it: only a reload begins again.
  }
}

/** What this tab's experiment began before a reload; what cannot be read is not gone on with. */
function remembered(): GuideRecord {
  try {
    const found = kept.safeParse(JSON.parse(sessionStorage.getItem(storageKey) ?? '{}'))
    return found.success ? (found.data as GuideRecord) : {}
  } catch {
    return {}
  }
}

const notUnderstood = (error: unknown): Problem => ({
  ...{ type: '/problems/internal', title: 'The answer is not understood', status: 200, code: 'internal' },
  detail: error instanceof Error ? error.message : String(error),
})
