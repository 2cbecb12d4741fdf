'use client'

import { useId, useState } from 'react'
import type { ExplainQuestion, QueueExplanation } from '#contracts/api/queues/explanation.ts'
import type { QueueSubscription } from '#contracts/api/queues/queues.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { Field, Select, TextArea } from '#web/ui/field.tsx'
import { Glyph } from '#web/ui/glyph.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import { noteClass } from '#web/ui/recipes/note.ts'
import { FilterKeys } from './filter-keys.tsx'
import { errorAt, useAct, useExplanation, useTrial } from './queues-query.ts'
import { TrialOutcome } from './trial-outcome.tsx'

/** Another policy against the same message and the newest ones of its topic: judged without being saved, and saved when it is right. */
export function PolicyTrial({
  leg,
  question,
  before,
  canChange,
}: {
  leg: QueueSubscription
  question: ExplainQuestion
  before: QueueExplanation | undefined
  canChange: boolean
}) {
  const id = useId()
  const standing = leg.filterPolicy ?? ''
  const [policy, setPolicy] = useState(standing)
  const [scope, setScope] = useState(leg.filterPolicyScope)
  const [tried, setTried] = useState<ExplainQuestion>()
  const { data, error } = useExplanation(tried)
  const { data: trial } = useTrial(
    tried === undefined
      ? undefined
      : {
          subscriptionArn: leg.arn,
          filterPolicy: tried.filterPolicy ?? '',
          filterPolicyScope: tried.filterPolicyScope,
        },
  )
  const { act, busy, problem } = useAct()
  const isChanged = policy !== standing || scope !== leg.filterPolicyScope
  const wrong =
    error === null ? errorAt(problem, '/attributes/FilterPolicy') : (errorAt(error, '/filterPolicy') ?? error.detail)
  const shown = tried !== undefined && error === null ? data : undefined
  const save = () =>
    void act('put', '/attributes', {
      arn: leg.arn,
      attributes: { ...(scope === leg.filterPolicyScope ? {} : { FilterPolicyScope: scope }), FilterPolicy: policy },
    })
  return (
    <section className="grid gap-2 px-4 py-3" aria-label="Try a policy">
      <div className="flex items-baseline gap-2">
        <h4 className="type-12 font-semibold">Try a change</h4>
        <span className="type-11 text-fg-3">against this message and the newest 500; nothing is saved</span>
        <span className="flex-1" />
        <RouteLink className="type-11 text-accent-fg" patch={{ arn: leg.arn, form: undefined, pane: undefined }}>
          Open subscription
        </RouteLink>
      </div>
      <Field label="Filter policy" htmlFor={`${id}-policy`} error={wrong}>
        <TextArea
          id={`${id}-policy`}
          rows={4}
          invalid={wrong !== undefined}
          value={policy}
          onChange={(event) => setPolicy(event.target.value)}
        />
      </Field>
      <Field label="Scope" htmlFor={`${id}-scope`}>
        <Select id={`${id}-scope`} value={scope} onChange={(event) => setScope(event.target.value)}>
          <option>MessageAttributes</option>
          <option>MessageBody</option>
        </Select>
      </Field>
      {shown === undefined ? null : (
        <p className="flex items-center gap-2" role="status">
          <Glyph name={shown.passes ? 'delivered' : 'lost'} className="size-3 flex-none" />
          {outcome(shown.passes, before?.passes)}
        </p>
      )}
      {shown?.filter === undefined || shown.passes ? null : <FilterKeys filter={shown.filter} />}
      {trial === undefined || error !== null ? null : <TrialOutcome trial={trial} leg={leg.arn} />}
      {problem === undefined || wrong !== undefined ? null : <ProblemNote problem={problem} />}
      {leg.lab && isChanged && canChange ? (
        <p className={noteClass}>
          This is a subscription of the lab: a saved policy holds until the lab is wired again, and what it keeps away
          is missed by the ledger.
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button
          onClick={() =>
            setTried({
              ...question,
              filterPolicy: policy,
              filterPolicyScope: scope === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
            })
          }
        >
          Test
        </Button>
        {canChange ? (
          <Button disabled={!isChanged || busy} onClick={save}>
            Save policy
          </Button>
        ) : null}
      </div>
    </section>
  )
}

function outcome(passes: boolean, before: boolean | undefined): string {
  if (passes) return before === false ? 'It would pass, as it does not now.' : 'It would pass.'
  return before === true ? 'It would be kept away, as it is not now.' : 'It would be kept away.'
}
