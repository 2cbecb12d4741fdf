'use client'

import { type DiscardAnswer, deadLetterListLimit, discardAnswer } from '#contracts/api/dead-letter.ts'
import type { Problem } from '#contracts/errors.ts'
import { api } from '#web/http/api.ts'
import { ConfirmButton } from '#web/ui/confirm-button.tsx'
import { count } from '../words/figures.ts'
import { reloadDeadLetters } from './dead-letters-query.ts'
import { useDeadLetters } from './dead-letters-store.ts'
import { nothingSelected } from './redrive/redrive-target.ts'
import { selectedLetters } from './selection-actions.ts'

/** Removes the chosen letters for good, once that was confirmed. `chosen`: how many they are. */
export function DiscardButton({ chosen }: { chosen: number }) {
  const discard = async (): Promise<void> => {
    const ids = (await selectedLetters()).map(({ id }) => id)
    let problem: Problem | undefined
    for (let from = 0; from < ids.length && problem === undefined; from += deadLetterListLimit)
      problem = await discardThose(ids.slice(from, from + deadLetterListLimit))
    if (problem === undefined) useDeadLetters.getState().select(() => nothingSelected)
    await reloadDeadLetters()
    useDeadLetters.setState({ problem })
  }
  const letters = chosen === 1 ? '1 dead letter' : `${count(chosen)} dead letters`
  return (
    <ConfirmButton
      small
      label="Discard…"
      title={`Discard ${letters}?`}
      detail="They leave the broker for good, and cannot be sent back. The ledger keeps the messages as dead-lettered."
      confirm="Discard for good"
      onConfirm={() => void discard()}
    />
  )
}

/** The problem if it is refused. What has gone meanwhile is no longer to be discarded. */
async function discardThose(ids: string[]): Promise<Problem | undefined> {
  const ask = async (confirm?: number): Promise<DiscardAnswer | Problem> => {
    const answer = await api.post('/api/dead-letters/discard', { ids, ...(confirm === undefined ? {} : { confirm }) })
    return answer.ok ? discardAnswer.parse(answer.value) : answer.problem
  }
  const standing = await ask()
  if ('code' in standing) return standing
  const done = await ask(standing.selected)
  return 'code' in done ? done : undefined
}
