import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LabPlan, LabView } from '#contracts/api/lab.ts'
import type { Problem } from '#contracts/errors.ts'
import { blocking, isEdited, useLabDraft } from './draft-store.ts'

const lab = (yaml: string, revision: number): LabView => ({
  ...{ name: 'checkout', file: '/lab/faultline.yaml', yaml, revision, saved: 'saved' },
  declaration: {
    ...{ name: 'checkout', file: '/lab/faultline.yaml', events: [], flows: [], hopLimit: 32 },
    services: [],
  },
})
const plan: LabPlan = {
  lines: [{ mark: '+', what: 'service', name: 'payment', change: '1 replica', onApply: 'started' }],
  ...{ obstacles: [], applied: false, revision: 1, failed: [] },
}
const problem = (code: Problem['code'], status: number): Problem => ({
  ...{ type: `/problems/${code}`, title: code, detail: 'why', code, status },
})

/** What was asked, and what the server says to the next requests. */
let asked: { path: string; body: unknown }[] = []
let answers: (LabPlan | Problem)[] = []

beforeEach(() => {
  asked = []
  answers = []
  vi.stubGlobal('fetch', (path: string, { body }: { body: string }) => {
    asked.push({ path, body: JSON.parse(body) })
    const answer = answers.shift() ?? plan
    const status = 'code' in answer ? answer.status : 200
    return Promise.resolve(new Response(JSON.stringify(answer), { status }))
  })
  useLabDraft.setState(useLabDraft.getInitialState(), true)
  useLabDraft.getState().begin(lab('a', 1))
})
afterEach(() => vi.unstubAllGlobals())

const state = (wanted: string) =>
  vi.waitFor(() => expect(useLabDraft.getState().state).toBe(wanted), { timeout: 20_000 })

test('an edit is planned against the revision that it was begun from, and only the last text counts', async () => {
  const { edit } = useLabDraft.getState()
  edit('ab')
  edit('abc')
  expect(useLabDraft.getState().state).toBe('checking')
  await state('planned')
  expect(asked).toEqual([{ path: '/api/lab?dryRun=1', body: { yaml: 'abc', revision: 1 } }])
  expect(useLabDraft.getState().plan).toEqual(plan)
  edit('a')
  expect(useLabDraft.getState()).toMatchObject({ state: 'clean', plan: undefined })
})

test('a text that is wrong has no plan and cannot be applied', async () => {
  answers = [problem('invalid_lab', 422)]
  useLabDraft.getState().edit('ab')
  await state('wrong')
  await useLabDraft.getState().apply()
  expect(asked).toHaveLength(1)
  expect(useLabDraft.getState().problem?.code).toBe('invalid_lab')
})

test('somebody else was faster: the draft stays, and is planned again against what they made', async () => {
  answers = [problem('lab_changed', 409)]
  useLabDraft.getState().edit('ab')
  await state('conflict')
  expect(useLabDraft.getState().text).toBe('ab')
  useLabDraft.getState().rebase(lab('a2', 2), true)
  await state('planned')
  expect(asked.at(-1)?.body).toEqual({ yaml: 'ab', revision: 2 })
  useLabDraft.getState().rebase(lab('a3', 3), false)
  expect(useLabDraft.getState()).toMatchObject({ state: 'clean', text: 'a3' })
})

test('what was applied is no draft any more, and the next one begins from the lab as it is then', async () => {
  useLabDraft.getState().edit('ab')
  await state('planned')
  answers = [{ ...plan, applied: true, revision: 2 }]
  await useLabDraft.getState().apply(true)
  expect(asked.at(-1)?.path).toBe('/api/lab?force=1')
  expect(useLabDraft.getState()).toMatchObject({ state: 'none', base: undefined, applied: { revision: 2 } })
  useLabDraft.getState().begin(lab('ab', 2))
  expect(isEdited(useLabDraft.getState())).toBe(false)
})

test('messages on their way block nothing until the lab has waited for them; what is stuck blocks at once', async () => {
  const moving = { service: 'payment', unsettled: 3, deadLetters: 0, oldestMs: 20 }
  const stuck = { service: 'fraud', unsettled: 1, deadLetters: 0, oldestMs: 60_000 }
  const dead = { service: 'email', unsettled: 0, deadLetters: 1 }
  answers = [
    { ...plan, obstacles: [moving, stuck, dead] },
    { ...plan, obstacles: [moving] },
  ]
  useLabDraft.getState().edit('ab')
  await state('planned')
  expect(blocking(useLabDraft.getState())).toEqual([stuck, dead])
  useLabDraft.getState().edit('abc')
  await state('planned')
  expect(blocking(useLabDraft.getState())).toEqual([])

  answers = [problem('service_in_use', 409), { ...plan, obstacles: [moving] }]
  await useLabDraft.getState().apply()
  expect(asked.slice(-2).map(({ path }) => path)).toEqual(['/api/lab', '/api/lab?dryRun=1'])
  expect(useLabDraft.getState().state).toBe('planned')
  expect(blocking(useLabDraft.getState())).toEqual([moving])
  useLabDraft.getState().edit('abcd')
  expect(blocking(useLabDraft.getState())).toEqual([])
})

test('a lab that is read again leaves a draft that differs alone', () => {
  useLabDraft.getState().edit('ab')
  useLabDraft.getState().begin(lab('x', 2))
  expect(useLabDraft.getState()).toMatchObject({ text: 'ab', base: { revision: 1 } })
})

test('undo and redo go through the texts; what is typed in one go is one of them', () => {
  const now = vi.spyOn(Date, 'now').mockReturnValue(1_000_000)
  const { edit, undo, redo } = useLabDraft.getState()
  edit('ab')
  edit('abc')
  now.mockReturnValue(1_010_000)
  edit('abcd')
  undo()
  expect(useLabDraft.getState().text).toBe('abc')
  undo()
  expect(useLabDraft.getState().text).toBe('a')
  undo()
  expect(useLabDraft.getState().text).toBe('a')
  redo()
  redo()
  expect(useLabDraft.getState()).toMatchObject({ text: 'abcd', future: [] })
  now.mockRestore()
})
