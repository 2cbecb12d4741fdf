'use client'

import { useId } from 'react'
import {
  nameOfArn,
  type QueueMove,
  type QueueRow,
  type QueuesView,
  queueMoveInput,
} from '#contracts/api/queues/queues.ts'
import { RouteLink } from '#web/live/route-link.tsx'
import { Button } from '#web/ui/button.tsx'
import { ConfirmButton } from '#web/ui/confirm-button.tsx'
import { Field, Select, TextInput } from '#web/ui/field.tsx'
import { Icon } from '#web/ui/icon.tsx'
import { ProblemNote } from '#web/ui/problem-note.tsx'
import type { DraftBody } from '../form/read-draft.ts'
import { typedNumber } from '../form/typed-number.ts'
import { useDraft } from '../form/use-draft.ts'
import { count } from '../words/figures.ts'
import { depthOf } from './queue-models.ts'
import { change, useAct, useMoves } from './queues-query.ts'

const rateContract = queueMoveInput.shape.perSecond.unwrap()

/** What is among the dead letters, and a task that moves it: back to its sources or into another queue, at a rate, stopped at any time. */
export function MoveBar({ letters, view, canChange }: { letters: QueueRow; view: QueuesView; canChange: boolean }) {
  const id = useId()
  const form = useDraft({
    contract: queueMoveInput,
    first: () => ({ destination: '', rate: '10' }),
    bodyOf: (typed) => bodyOfMove(letters.arn, typed),
    asTyped: true,
  })
  const { destination, rate } = form.draft
  const { act, busy, problem: refused } = useAct()
  const problem = form.problem ?? refused
  const { data } = useMoves(letters.arn, true)
  const depth = depthOf(letters)
  const running = data?.items.find(({ state }) => state === 'RUNNING' || state === 'CANCELLING')
  const last = running ?? data?.items[0]
  const targets = view.queues.filter(
    ({ arn, fifo, account, region }) =>
      arn !== letters.arn && fifo === letters.fifo && account === letters.account && region === letters.region,
  )
  const rateError = form.errorAt('/perSecond')
  const start = () => void form.submit((input) => change('post', '/moves', input))
  const where =
    destination === ''
      ? letters.deadLettersOf.length === 1
        ? nameOfArn(letters.deadLettersOf[0] ?? '')
        : 'the queue that gave it up'
      : nameOfArn(destination)
  return (
    <section
      className="max-h-60 flex-none overflow-auto border-t border-line bg-surface px-4 py-3"
      aria-label="Dead letters"
    >
      <div className="flex min-w-0 flex-wrap items-center gap-2">
        <Icon name="dlq" size={16} className="text-fg-2" />
        <b className="min-w-0 truncate type-13 font-semibold">{letters.name}</b>
        <span className="min-w-0 flex-1 text-fg-3">
          {depth === 0 ? 'empty' : depth === 1 ? '1 message' : `${count(depth)} messages`}
        </span>
        {letters.lab ? (
          <RouteLink
            className="text-accent-fg"
            path="/"
            patch={{ dock: 'dead-letters', arn: undefined, form: undefined }}
          >
            Open in Dead letters
          </RouteLink>
        ) : null}
      </div>
      {canChange ? (
        <div className="mt-2 grid grid-cols-[minmax(0,1fr)_128px_auto] items-end gap-3 max-[599px]:grid-cols-1">
          <Field label="Back to" aside={destination === '' ? 'its source' : 'one queue'} htmlFor={`${id}-to`}>
            <Select
              id={`${id}-to`}
              mono
              value={destination}
              onChange={(event) => form.edit({ destination: event.target.value })}
            >
              <option value="">
                {letters.deadLettersOf.length === 1 ? nameOfArn(letters.deadLettersOf[0] ?? '') : 'each to its source'}
              </option>
              {targets.map(({ arn, name }) => (
                <option key={arn} value={arn}>
                  into {name}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="At most" htmlFor={`${id}-rate`} error={rateError}>
            <TextInput
              id={`${id}-rate`}
              inputMode="numeric"
              invalid={rateError !== undefined}
              value={rate}
              after={<span className="text-fg-3">per second</span>}
              onChange={(event) => form.edit({ rate: event.target.value })}
            />
          </Field>
          {running !== undefined || depth === 0 || form.input === undefined || busy || form.sending ? (
            <Button
              disabled
              title={running === undefined ? (depth === 0 ? 'There is nothing to move.' : '') : 'A move runs.'}
            >
              <Icon name="retry" />
              Move…
            </Button>
          ) : (
            <ConfirmButton
              label={`Move ${count(depth)}…`}
              title={`Move ${depth === 1 ? '1 message' : `${count(depth)} messages`} to ${where}?`}
              detail={
                letters.lab
                  ? 'Each becomes a new message of that queue and its consumer handles it again. The ledger does not learn of it: it keeps the messages as dead-lettered until it sees them settled, and may list a double settlement. To have it know, redrive them in Dead letters.'
                  : 'Each becomes a new message of that queue, with new receives. What is moved is not moved back.'
              }
              confirm="Move"
              onConfirm={start}
            />
          )}
        </div>
      ) : null}
      {last === undefined ? null : (
        <Task
          task={last}
          canStop={canChange && running?.task !== undefined && running.state === 'RUNNING'}
          onStop={() => void act('post', '/moves/cancel', { source: letters.arn, task: last.task })}
        />
      )}
      {problem === undefined ? null : <ProblemNote className="mt-2" problem={problem} />}
    </section>
  )
}

/** The body of `POST /api/queues/moves`; a blank rate is none. */
function bodyOfMove(source: string, { destination, rate }: { destination: string; rate: string }): DraftBody {
  const perSecond = typedNumber(rate, rateContract)
  return {
    body: {
      ...{ source, ...(destination === '' ? {} : { destination }) },
      ...(perSecond === undefined ? {} : { perSecond }),
    },
    errors: rate.trim() === '' || perSecond !== undefined ? {} : { '/perSecond': '1 to 500, or empty' },
  }
}

const stateWords: Record<string, string> = {
  RUNNING: 'moving',
  CANCELLING: 'stopping',
  CANCELLED: 'stopped',
  COMPLETED: 'moved',
  FAILED: 'failed',
}

/** Why a task failed, where AWS's own name for it says too little. */
const failureWords = (failure: string): string =>
  failure === 'CouldNotDetermineMessageSource'
    ? 'a message was sent here and came from no queue, so choose one to move it into (CouldNotDetermineMessageSource)'
    : failure

function Task({ task, canStop, onStop }: { task: QueueMove; canStop: boolean; onStop: () => void }) {
  const { state, moved, toMove, destination, perSecond, failure } = task
  const all = Math.max(moved, toMove ?? moved)
  return (
    <div className="mt-2 flex min-w-0 flex-wrap items-center gap-2 text-fg-2">
      <span role="status">
        {stateWords[state] ?? state.toLowerCase()}: {count(moved)} of {count(all)}
        {destination === undefined ? ' back to their source' : ` into ${nameOfArn(destination)}`}
        {perSecond === undefined ? '' : `, at most ${perSecond} per second`}
        {failure === undefined ? '' : `; ${failureWords(failure)}`}
      </span>
      <progress
        className="h-1.5 min-w-20 flex-1 accent-(--accent)"
        aria-label="Moved"
        value={moved}
        max={Math.max(1, all)}
      />
      {canStop ? (
        <Button small onClick={onStop}>
          <Icon name="stop" size={12} />
          Stop
        </Button>
      ) : null}
    </div>
  )
}
