'use client'

import { useLive } from '#web/live/live-store.ts'

/** Dead letters by queue, as the broker counts them: a text that changes when one of them does. */
export const useDeadLetterCounts = (): string =>
  useLive((live) =>
    live.topology.nodes
      .filter(({ kind }) => kind === 'dead_letter_queue')
      .map(({ id }) => live.nodes[id]?.depth ?? 0)
      .join(),
  )

/** All that are among the dead letters of the broker of now. */
export const useDeadLetterCount = (): number =>
  useDeadLetterCounts()
    .split(',')
    .reduce((sum, count) => sum + Number(count), 0)
