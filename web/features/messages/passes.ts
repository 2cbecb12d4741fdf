import { idsOf, type MessageRow } from '#contracts/api/journey.ts'
import type { MessageFilters } from './message-filters.ts'

/** Whether a row passes the filters, as far as a row can say: a text is looked for in id, type and key, and a burst in none. */
export function passes(row: MessageRow, { ids, type, topic, group, state, broker, key, q }: MessageFilters): boolean {
  const groups = group === undefined ? row.groups : row.groups.filter((each) => each.group === group)
  const text = q?.toLowerCase()
  return (
    (ids === undefined || idsOf(ids).includes(row.id)) &&
    (type === undefined || row.type === type) &&
    (topic === undefined || row.topic === topic) &&
    (broker === undefined || row.broker === broker) &&
    (key === undefined || row.key === key) &&
    (group === undefined || groups.length > 0) &&
    (state === undefined || row.publish === state || groups.some((each) => isIn(each.state, state))) &&
    (text === undefined || [row.id, row.type, row.key ?? ''].some((value) => value.toLowerCase().includes(text)))
  )
}

function isIn(state: MessageRow['groups'][number]['state'], wanted: MessageFilters['state']): boolean {
  if (wanted === 'owed') return true
  if (wanted === 'in_flight') return state === 'waiting' || state === 'handling'
  return state === wanted
}
