'use client'

import { useMutation } from '@tanstack/react-query'
import type { LabObstacle, LabPlan } from '#contracts/api/lab.ts'
import { serverState } from '#web/http/server-state.ts'
import { Button } from '#web/ui/button.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { panelFoot } from '#web/ui/recipes/panel-parts.ts'
import { Status } from '#web/ui/status.tsx'
import { blocking, isEdited, useLabDraft } from '../lab/draft-store.ts'
import { labApi } from '../lab/lab-api.ts'
import { labKey, useDeclaredLab } from '../lab/lab-query.ts'
import { clock, count } from '../words/figures.ts'
import { useFileProblems } from './file-view.tsx'
import { PlanList, PlanSum } from './plan-list.tsx'

/** What applying the draft would do, and the buttons that apply or discard it. */
export function LabFoot() {
  const { state, plan, unsettled, applied, apply, discard } = useLabDraft()
  const edited = useLabDraft(isEdited)
  return (
    <>
      <PlanPart />
      <div className={panelFoot}>
        <Button
          variant="primary"
          disabled={state !== 'planned' || blocking({ plan, unsettled }).length > 0}
          onClick={() => void apply()}
        >
          <Icon name="check" />
          {state === 'applying' ? 'Applying…' : 'Apply'}
        </Button>
        <Button disabled={!edited || state === 'applying'} onClick={discard}>
          Discard
        </Button>
        <SaveButton />
        <span className="flex-1" />
        <span className="min-w-0 truncate text-fg-3" role="status">
          {state === 'planned' && plan ? <PlanSum plan={plan.lines} /> : null}
          {state === 'checking' ? 'Checking…' : null}
          {state === 'clean' ? (applied === undefined ? 'As the lab is' : 'Applied') : null}
        </span>
      </div>
    </>
  )
}

function PlanPart() {
  const { state, plan, unsettled, checkedAt, applied } = useLabDraft()
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
        {first ? (
          <p className="mt-1 wrap-anywhere">
            {first.place === undefined ? null : <code className="text-lost-fg">{first.place} </code>}
            {first.message}
            {problems.length > 1 ? <span className="text-fg-3"> and {problems.length - 1} more</span> : null}
          </p>
        ) : null}
      </div>
    )
  }
  if (state === 'clean' && applied && applied.failed.length > 0) return <Failed plan={applied} />
  if (!plan) return null
  const obstacles = blocking({ plan, unsettled })
  return (
    <section className="max-h-56 overflow-y-auto border-t border-line bg-sunken px-4 py-1" aria-label="Plan">
      <PlanList plan={plan.lines} />
      <OnTheirWay obstacles={plan.obstacles.filter((obstacle) => !obstacles.includes(obstacle))} />
      {obstacles.length === 0 ? null : <Obstacles obstacles={obstacles} />}
      {checkedAt === undefined ? null : (
        <p className="py-1 type-11 text-fg-3">Against the running lab, checked {clock(checkedAt).slice(0, 8)}.</p>
      )}
    </section>
  )
}

/** Services that shall go and have messages in flight: the lab waits for those. */
const OnTheirWay = ({ obstacles }: { obstacles: readonly LabObstacle[] }) =>
  obstacles.map(({ service, unsettled }) => (
    <p key={service} className="py-1 text-fg-2">
      <b>{service}</b> has {count(unsettled)} {unsettled === 1 ? 'message' : 'messages'} on the way, settled before it
      is removed.
    </p>
  ))

/** Services that shall go while something of theirs is stuck: what that is, and the way that leaves it behind. */
function Obstacles({ obstacles }: { obstacles: readonly LabObstacle[] }) {
  const apply = useLabDraft((draft) => draft.apply)
  return (
    <div className="my-1 grid gap-2 rounded-md border border-lost bg-lost-bg px-3 py-2" role="alert">
      {obstacles.map(({ service, unsettled, deadLetters }) => (
        <p key={service}>
          <b>{service}</b> has {count(unsettled)} unsettled {unsettled === 1 ? 'message' : 'messages'} and{' '}
          {count(deadLetters)} dead {deadLetters === 1 ? 'letter' : 'letters'}. Removed now, its queue stays with them
          until a service of this name is back.
        </p>
      ))}
      <div>
        <Button small onClick={() => void apply(true)}>
          Apply and leave them in the queue
        </Button>
      </div>
    </div>
  )
}

/** Services that were started and could not be; the lab tries on. */
const Failed = ({ plan }: { plan: LabPlan }) => (
  <div className="border-t border-line bg-sunken px-4 py-2" role="alert">
    {plan.failed.map(({ service, reason }) => (
      <p key={service} className="wrap-anywhere">
        <Status tone="lost" glyph="lost">
          {service} does not start yet
        </Status>{' '}
        {reason}
      </p>
    ))}
  </div>
)

/** Writes what runs into the file; only if that differs. */
function SaveButton() {
  const { data } = useDeclaredLab()
  const edited = useLabDraft(isEdited)
  const save = useMutation({
    mutationFn: async () => {
      const said = await labApi.save(data?.revision ?? 0)
      if (!said.ok) throw said.problem
      return said.value
    },
    onSuccess: (lab) => serverState.setQueryData(labKey, lab),
  })
  if (!data || data.saved === 'saved') return null
  return (
    <>
      <Button
        disabled={edited || save.isPending}
        title={edited ? 'Apply or discard first' : data.file}
        onClick={() => save.mutate()}
      >
        <Icon name="download" />
        Save
      </Button>
      {save.error ? (
        <span className="min-w-0 truncate text-lost-fg" role="alert" title={save.error.detail}>
          {save.error.title}
        </span>
      ) : null}
    </>
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
