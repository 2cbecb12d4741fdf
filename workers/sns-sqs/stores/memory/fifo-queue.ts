import type { Group, LinePlace, QueuedCopy } from './copy.ts'
import { MemoryQueue } from './memory-queue.ts'
import { ReadyRing } from './ready-ring.ts'

/**
 * A queue that keeps the order of each group: a receive takes from the front of a group as far as messages are visible, then from
 * the next group. While the first message of a group is hidden nothing of that group is handed out. Groups take turns.
 */
export class FifoQueue extends MemoryQueue {
  private readonly groups = new Map<string, Group>()
  private turn = new ReadyRing<Group>()
  /** How far the receive that is under way has come. */
  private next: LinePlace | undefined
  private readonly visited: Group[] = []

  override takeReady(now: number): QueuedCopy | undefined {
    if (this.visited.length === 0) this.promote(now)
    for (;;) {
      const place = this.next
      if (place !== undefined && place.copy.place === 'ready') {
        this.next = place.after
        this.visible--
        place.copy.place = 'gone'
        return place.copy
      }
      const group = this.turn.shift()
      if (group === undefined) return undefined
      group.queued = false
      if (group.first === undefined) continue
      this.visited.push(group)
      this.next = group.first
    }
  }

  override endTake(): void {
    this.next = undefined
    for (const group of this.visited.splice(0)) this.offer(group)
  }

  override remove(copy: QueuedCopy): void {
    super.remove(copy)
    const { line } = copy
    if (line === undefined) return
    const { group, before, after } = line
    copy.line = undefined
    if (before === undefined) group.first = after
    else before.after = after
    if (after === undefined) group.last = before
    else after.before = before
    if (group.first === undefined) this.groups.delete(group.id)
    else if (before === undefined) this.offer(group)
  }

  override nextVisibleAt(now: number): number | undefined {
    if (this.turn.length > 0) {
      for (let group = this.turn.peek(); group !== undefined; group = this.turn.peek()) {
        if (group.first?.copy.place === 'ready') return now
        this.turn.shift()
        group.queued = false
      }
    }
    return this.due.peek()?.visibleAt
  }

  override rebuild(now: number): void {
    this.groups.clear()
    this.turn = new ReadyRing()
    for (const copy of this.copies.values()) copy.line = undefined
    super.rebuild(now)
  }

  override put(copy: QueuedCopy, now: number): void {
    if (copy.line === undefined) this.append(copy)
    super.put(copy, now)
  }

  protected override makeReady(copy: QueuedCopy): void {
    copy.place = 'ready'
    this.visible++
    if (copy.line?.before === undefined && copy.line !== undefined) this.offer(copy.line.group)
  }

  private append(copy: QueuedCopy): void {
    const id = copy.message.groupId
    let group = this.groups.get(id)
    if (group === undefined) {
      group = { id, first: undefined, last: undefined, queued: false }
      this.groups.set(id, group)
    }
    const line: LinePlace = { copy, group, before: group.last, after: undefined }
    copy.line = line
    if (group.last === undefined) group.first = line
    else group.last.after = line
    group.last = line
  }

  /** Puts a group in the turn where its first message is visible. */
  private offer(group: Group): void {
    if (group.queued || group.first?.copy.place !== 'ready') return
    group.queued = true
    this.turn.push(group)
  }
}
