'use client'

import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { Status } from '#web/ui/status.tsx'
import { clock } from '../words/figures.ts'
import { isEdited, useLabDraft } from './draft-store.ts'
import { useFileProblems } from './file-view.tsx'
import { useDeclaredLab } from './lab-query.ts'
import { PlanList, PlanSum } from './plan-list.tsx'

/** What applying the draft would do, and the buttons that apply or discard it. */
export function LabFoot() {
  const { state, plan, applied, apply, discard } = useLabDraft()
  const edited = useLabDraft(isEdited)
  return (
    <>
      <PlanPart />
      <div className={panelFoot}>
        <Button variant="primary" disabled={state !== 'planned'} onClick={() => void apply()}>
          <Icon name="check" />
          {state === 'applying' ? 'Applying…' : 'Apply'}
        </Button>
        <Button disabled={!edited || state === 'applying'} onClick={discard}>
          Discard
        </Button>
        <span className="flex-1" />
        <span className="min-w-0 truncate text-fg-3" role="status">
          {state === 'planned' ? <PlanSum plan={plan} /> : null}
          {state === 'checking' ? 'Checking…' : null}
          {state === 'clean' ? (applied === undefined ? 'As the lab is' : `Applied: ${applied}`) : null}
        </span>
      </div>
    </>
  )
}

function PlanPart() {
  const { state, plan, checkedAt, problem } = useLabDraft()
  const problems = useFileProblems()
  if (state === 'conflict') return <Conflict />
  if (state === 'wrong') {
    const [first] = problems
    return (
      <div className="border-t border-line bg-sunken px-4 py-2" role="alert">
        <Status tone="lost" glyph="lost">
          No plan while the file has a problem
        </Status>{' '}
        <span className="text-fg-3">the running lab is as it was</span>
        {first && first.place === undefined && problem ? <p className="mt-1 wrap-anywhere">{first.message}</p> : null}
      </div>
    )
  }
  if (plan.length === 0) return null
  return (
    <section className="max-h-56 overflow-y-auto border-t border-line bg-sunken px-4 py-1" aria-label="Plan">
      <PlanList plan={plan} />
      {checkedAt === undefined ? null : (
        <p className="py-1 type-11 text-fg-3">Against the running lab, checked {clock(checkedAt).slice(0, 8)}.</p>
      )}
    </section>
  )
}

/** Somebody else changed the lab since the draft was begun: what they made of it, and two ways on. */
function Conflict() {
  const { problem, rebase } = useLabDraft()
  const { refetch } = useDeclaredLab()
  const take = async (keep: boolean): Promise<void> => {
    const { data } = await refetch()
    if (data) rebase(data, keep)
  }
  return (
    <div className="grid gap-2 border-t border-line bg-sunken px-4 py-2">
      {problem ? (
        <ProblemNote problem={problem}>
          {problem.errors?.map(({ path, message }) => (
            <p key={path + message} className="wrap-anywhere">
              <code>{path}</code> {message}
            </p>
          ))}
        </ProblemNote>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button small onClick={() => void take(true)}>
          Keep my text, plan it against the lab as it is now
        </Button>
        <Button small onClick={() => void take(false)}>
          Take the lab as it is now
        </Button>
      </div>
    </div>
  )
}
