'use client'

import type { DeadLetterItem } from '#contracts/api/dead-letter.ts'
import { fetchLetters, knownLetters } from './dead-letters-query.ts'
import { useDeadLetters } from './dead-letters-store.ts'
import { type RedriveTarget, targetOf, toggleCause, toggleLetter } from './redrive/redrive-target.ts'

const idsOfCause = (cause: string): string[] => (knownLetters().letters.get(cause) ?? []).map(({ id }) => id)

/** Fetches the letters of a cause that are not here yet, so that they can be named. */
async function know(cause: string): Promise<void> {
  const { causes, letters } = knownLetters()
  const count = causes.find(({ key }) => key === cause)?.count ?? 0
  if ((letters.get(cause)?.length ?? 0) < count) await fetchLetters(cause, count)
}

export function tickCause(cause: string): void {
  useDeadLetters.getState().select((selection) => toggleCause(selection, cause, idsOfCause(cause)))
}

export async function tickLetter({ id, cause }: DeadLetterItem): Promise<void> {
  // Of a whole cause all the others stay ticked, also those that are not in sight.
  if (useDeadLetters.getState().selection.causes.has(cause)) await know(cause)
  useDeadLetters.getState().select((selection) => toggleLetter(selection, { id, cause }, idsOfCause(cause)))
}

/** What is ticked, as a redrive takes it; ids are put where the redrive's drawer finds them. */
export async function selectedTarget(): Promise<RedriveTarget | undefined> {
  const { selection } = useDeadLetters.getState()
  const nameable = () => targetOf(selection, knownLetters().causes, idsOfCause)
  let target = nameable()
  if (target && 'ids' in target) {
    await Promise.all([...selection.causes].map(know))
    target = nameable()
    if (target && 'ids' in target) useDeadLetters.getState().choose(target.ids)
  }
  return target
}

/** All letters that are ticked, fetched if they are not here yet. */
export async function selectedLetters(): Promise<DeadLetterItem[]> {
  const { selection } = useDeadLetters.getState()
  await Promise.all([...selection.causes].map(know))
  return [...knownLetters().letters.values()]
    .flat()
    .filter(({ id, cause }) => selection.ids.has(id) || selection.causes.has(cause))
}
