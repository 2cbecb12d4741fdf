import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import type { CrashNote } from '#contracts/protocols/worker.ts'

/** Knows which messages were in flight when a process of the service crashed, for as long as the sidecar lives. */
export interface CrashWatch {
  /** What a replica reported, in its order. */
  take(instance: string, records: readonly TelemetryRecord[]): void
  /** The replica's process is gone, and everything that it reported was taken. `commanded`: that was not a crash. */
  ended(instance: string, how: string, commanded: boolean): void
  notes(): CrashNote[]
}

/** A message from the start of its run to the end. */
interface OpenRun {
  group: string
  id: string
  attempt: number
  receiveCount: number
}

/** Notes that are kept; the oldest goes first, and its message then counts as one that nothing is known of. */
const notesMax = 2_000

/**
 * A message is OPEN from the start of its run to the end. A crash with one message open was that message's attempt; with several,
 * each of them becomes a suspect, which the workers then run alone, and that time is not an attempt of any. A run that ends, whatever its
 * outcome, clears a suspect; one that crashed for certain keeps its count until it is done with, and so do the times that were no attempt.
 * `onChange` is called with all notes, for the workers.
 */
export function createCrashWatch(listener: {
  onChange: (notes: CrashNote[]) => void
  onSuspicion: (message: string) => void
}): CrashWatch {
  /** By replica: each open run, by group and id. */
  const open = new Map<string, Map<string, OpenRun>>()
  const notes = new Map<string, CrashNote>()
  const keyOf = (group: string, id: string): string => `${group} ${id}`
  let changed = false

  function openOf(instance: string) {
    const found = open.get(instance) ?? new Map()
    open.set(instance, found)
    return found
  }

  function forget(key: string): void {
    if (notes.delete(key)) changed = true
  }

  function endRun(group: string, { id, attempt, outcome }: { id: string; attempt: number; outcome: string }): void {
    const key = keyOf(group, id)
    const note = notes.get(key)
    if (note === undefined || outcome === 'interrupted') return
    if (note.attempt === 0 && outcome !== 'ok' && note.spared !== undefined) {
      changed ||= note.cleared !== true
      notes.set(key, { ...note, cleared: true })
    } else if (note.attempt === 0 || outcome === 'ok') forget(key)
    else if (attempt > note.attempt) {
      notes.set(key, { ...note, attempt })
      changed = true
    }
  }

  /** A broker that gives it out again under the same count has not counted the time before. */
  function notCounted(key: string, receiveCount: number): void {
    const note = notes.get(key)
    if (note?.spared === undefined || receiveCount > note.spared.after) return
    const { spared: _, ...rest } = note
    if (rest.cleared) notes.delete(key)
    else notes.set(key, rest)
    changed = true
  }

  function publish(): void {
    if (!changed) return
    changed = false
    listener.onChange([...notes.values()])
  }

  return {
    notes: () => [...notes.values()],
    take(instance, records) {
      const mine = openOf(instance)
      for (const record of records) {
        if (record.kind === 'delivery.started') {
          const { group } = record
          for (const { id, attempt, receiveCount } of record.deliveries) {
            const key = keyOf(group, id)
            mine.set(key, { group, id, attempt, receiveCount })
            notCounted(key, receiveCount)
          }
        } else if (record.kind === 'delivery.ended') {
          for (const delivery of record.deliveries) {
            mine.delete(keyOf(record.group, delivery.id))
            endRun(record.group, delivery)
          }
        } else if (record.kind === 'delivery.settled' && /^(acked|dead_lettered)$/.test(record.settlement)) {
          for (const id of record.ids) forget(keyOf(record.group, id))
        }
      }
      publish()
    },
    ended(instance, how, commanded) {
      const inHand = [...openOf(instance).values()]
      open.delete(instance)
      if (commanded || inHand.length === 0) return
      const isCertain = inHand.length === 1
      for (const { group, id, attempt, receiveCount } of inHand) {
        const key = keyOf(group, id)
        const { attempt: before = 0, spared } = notes.get(key) ?? {}
        notes.delete(key)
        const kept = isCertain ? spared : { times: (spared?.times ?? 0) + 1, after: receiveCount }
        notes.set(key, {
          ...{ group, id, attempt: isCertain ? Math.max(before, attempt) : before, how },
          ...(kept === undefined ? {} : { spared: kept }),
        })
      }
      for (const key of notes.keys()) if (notes.size > notesMax) notes.delete(key)
      changed = true
      listener.onSuspicion(
        isCertain
          ? `${instance} ended (${how}) while it handled ${inHand[0]?.id ?? ''}: that attempt counts as failed`
          : `${instance} ended (${how}) with ${inHand.length} messages in flight: each is handled alone when it comes again`,
      )
      publish()
    },
  }
}
