import { setImmediate } from 'node:timers/promises'
import type { BurstOutcome } from '#contracts/api/burst.ts'
import type { MessageQuery, MessageRow } from '#contracts/api/journey.ts'

export interface BurstOutcomes {
  /** Counts all messages of a burst; those who ask at the same time share one count. */
  of(burstId: string): Promise<BurstOutcome>
}

type Search = (query: MessageQuery) => { items: MessageRow[]; nextCursor?: string }
type Group = BurstOutcome['groups'][number]

/** Messages that are counted before other work gets its turn. */
const pageSize = 500

/** Counts what became of bursts by going through their messages, a page at a time. */
export function createBurstOutcomes(search: Search): BurstOutcomes {
  const running = new Map<string, Promise<BurstOutcome>>()

  async function count(burst: string): Promise<BurstOutcome> {
    const groups = new Map<string, Group>()
    const sum = { messages: 0, open: 0 }
    let cursor: string | undefined
    do {
      const page = search({ burst, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) })
      for (const row of page.items) addRow(row, sum, groups)
      cursor = page.nextCursor
      await setImmediate()
    } while (cursor !== undefined)
    return { ...sum, groups: [...groups.values()].sort((a, b) => a.group.localeCompare(b.group)) }
  }
  return {
    of(burst) {
      const known = running.get(burst)
      if (known) return known
      const counted = count(burst).finally(() => running.delete(burst))
      running.set(burst, counted)
      return counted
    },
  }
}

function addRow(row: MessageRow, sum: { messages: number; open: number }, groups: Map<string, Group>): void {
  sum.messages += 1
  if (row.publish === 'attempted' || row.groups.some(({ state }) => isOpen(state))) sum.open += 1
  for (const { group, state } of row.groups) {
    const found = groups.get(group) ?? newGroup(group)
    groups.set(group, found)
    found.owed += 1
    found[columnOf[state]] += 1
  }
}

const isOpen = (state: MessageRow['groups'][number]['state']): boolean =>
  state === 'waiting' || state === 'handling' || state === 'retrying'

const newGroup = (group: string): Group => ({
  ...{ group, owed: 0, delivered: 0, inFlight: 0, retrying: 0, deadLettered: 0, lost: 0 },
})

const columnOf = {
  waiting: 'inFlight',
  handling: 'inFlight',
  retrying: 'retrying',
  delivered: 'delivered',
  dead_lettered: 'deadLettered',
  lost: 'lost',
} as const satisfies Record<MessageRow['groups'][number]['state'], keyof Group>
