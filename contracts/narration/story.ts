import type { Evidence } from '../api/narration.ts'
import type { Run, RunFault } from '../api/run.ts'
import type { JournalLine, LineOf, RunLine } from '../scenario-run/journal-line.ts'
import { runOf } from '../scenario-run/run-of.ts'

/** A line with its number in the journal, from 1. */
export interface NumberedLine<Line extends JournalLine = JournalLine> {
  line: Line
  number: number
}

/** What rules look at: the lines of a journal by their kinds, and the run that they make. */
export interface Story {
  first: RunLine
  run: Run
  /** Lines of one kind, in the order of the journal. */
  all<Kind extends JournalLine['kind']>(kind: Kind): NumberedLine<LineOf<Kind>>[]
  /** The last one of each group, or of what else `key` says. */
  last<Kind extends JournalLine['kind']>(kind: Kind, key: (line: LineOf<Kind>) => string): NumberedLine<LineOf<Kind>>[]
  /** Evidence of a fault: the line in which it was first seen to take effect, or that of its end. */
  faultSeen(fault: RunFault): Evidence
  faultEnded(fault: RunFault): Evidence
}

/** Undefined if no run begins in the lines. */
export function storyOf(lines: readonly JournalLine[]): Story | undefined {
  const [first] = lines
  if (first?.kind !== 'run') return undefined
  const byKind = new Map<string, NumberedLine[]>()
  for (const [index, line] of lines.entries()) {
    const found = byKind.get(line.kind) ?? []
    byKind.set(line.kind, found)
    found.push({ line, number: index + 1 })
  }
  const all = <Kind extends JournalLine['kind']>(kind: Kind): NumberedLine<LineOf<Kind>>[] =>
    (byKind.get(kind) ?? []) as NumberedLine<LineOf<Kind>>[]
  const faultLine = (
    what: string,
    fault: RunFault,
    pick: (lines: NumberedLine<LineOf<'fault'>>[]) => NumberedLine<LineOf<'fault'>> | undefined,
  ): Evidence => {
    const found = pick(all('fault').filter(({ line }) => line.id === fault.id))
    const id = fault.faultId === undefined ? {} : { id: fault.faultId }
    if (!found) return { kind: 'fault', label: fault.type + what, line: 1, t: 0, readings: [], ...id }
    return { kind: 'fault', label: fault.type + what, line: found.number, t: found.line.t, readings: [], ...id }
  }
  return {
    ...{ first, run: runOf(lines), all },
    last(kind, key) {
      const found = new Map<string, NumberedLine<LineOf<typeof kind>>>()
      for (const entry of all(kind)) found.set(key(entry.line), entry)
      return [...found.values()]
    },
    faultSeen: (fault) =>
      faultLine('', fault, (found) => found.find(({ line }) => line.observedAt !== undefined) ?? found.at(-1)),
    faultEnded: (fault) =>
      faultLine(' healed', fault, (found) => found.findLast(({ line }) => line.healedAt !== undefined) ?? found.at(-1)),
  }
}

/** The line as a piece of evidence of a clause. */
export const evidenceOf = (
  { line, number }: NumberedLine,
  kind: Evidence['kind'],
  label: string,
  id?: string,
): Evidence => ({
  ...{ kind, label, line: number, readings: [] },
  t: 'at' in line && typeof line.at === 'number' ? line.at : line.t,
  ...(id === undefined ? {} : { id }),
})

/** The plan and the file, which are in the first line. */
export const scenario: Evidence = { kind: 'setting', label: 'scenario', line: 1, t: 0, readings: [] }

/** A chip for each of the messages that a line names. */
export function messagesOf(entry: NumberedLine<JournalLine & { samples: string[] }>, most = 2): Evidence[] {
  return entry.line.samples
    .slice(0, most)
    .map((id) => evidenceOf(entry, 'message', id.split(':').slice(2).join(':') || id, id))
}

/** Whether a fault can be why something happened in this group: it aims at the consumer, a link of it, an event type, or the broker. */
export function concerns({ target, type }: RunFault, group: string): boolean {
  if (target === undefined) return type.startsWith('broker.')
  const { service, instance, link, eventType, broker } = target
  if (service !== undefined && instance === undefined) return service === group
  if (instance !== undefined) return instance.replace(/-\d+$/, '') === group
  if (link !== undefined) return link.startsWith(`${group}->`)
  return eventType !== undefined || broker !== undefined
}

/** Slack of the times at which a fault was seen and healed, which other processes tell, in milliseconds. */
const slackMs = 300

/** The faults that concern the group and were in effect at some moment of a span. */
export const faultsIn = ({ run }: Story, group: string, from: number, to: number): RunFault[] =>
  run.faults.filter(
    (fault) =>
      fault.observedAt !== undefined &&
      concerns(fault, group) &&
      to >= (fault.injectedAt ?? fault.observedAt) - slackMs &&
      from <= (fault.healedAt ?? Number.POSITIVE_INFINITY) + slackMs,
  )

/** The one fault that concerns the group and was in effect at a moment; undefined if there was none, or several. */
export function faultAt(story: Story, group: string, at: number): RunFault | undefined {
  const [fault, ...others] = faultsIn(story, group, at, at)
  return others.length === 0 ? fault : undefined
}
