import { describe, expect, it } from 'vitest'
import type { PartitionState, QueueDepth } from '#workers/broker/broker.ts'
import { applyResolution } from '../journeys/apply/apply-resolution.ts'
import { createPositionWatch } from './position-watch.ts'
import { createQueueWatch } from './queue-watch.ts'
import { epochMs, idOf, place, reportedLab } from './reported-lab.fixture.ts'

const group = 'consumer-db'

describe('a position that cannot be', () => {
  function looks() {
    const { context, found } = reportedLab()
    const watch = createPositionWatch(() => epochMs)
    const queue: QueueDepth = { group, visible: 0, inFlight: 0, delayed: 0, deadLetters: 0 }
    const look = (
      committed: number | null,
      endOffset: number,
      more: Partial<PartitionState & QueueDepth> = {},
    ): void => {
      const partition = {
        topic: 'orders',
        partition: 0,
        startOffset: 0,
        ...more,
        endOffset,
        groups: [{ group, committed }],
      }
      for (const each of watch('kafka', { queues: [{ ...queue, ...more }], bindings: [], partitions: [partition] }))
        applyResolution(context, each, place)
    }
    return { look, position: () => found('impossible_position') }
  }

  it('L39 impossible_position: an offset beyond the end of the log, reported once', () => {
    const { look, position } = looks()
    look(5, 10)
    look(1_010, 10)
    expect(position(), 'the log may have grown since its end was read').toBeUndefined()
    look(1_010, 11)
    look(1_010, 12)
    expect(position()).toMatchObject({ count: 1, failing: 1, samples: ['orders/0@1010'], groups: { [group]: 1 } })
  })

  it('L39 impossible_position: an offset that moves back', () => {
    const { look, position } = looks()
    look(8, 10)
    look(5, 10)
    look(6, 10)
    expect(position()).toMatchObject({ count: 1, samples: ['orders/0@5'] })
  })

  it('L39 is none where the log begins again, where nothing is committed any more, or where a reader is at the end', () => {
    const { look, position } = looks()
    look(8, 10)
    look(0, 1)
    look(1, 1)
    look(null, 1)
    look(0, 4)
    look(4, 4)
    look(9, 9)
    expect(position()).toBeUndefined()
  })

  it('L39 impossible_position: a depth below zero', () => {
    const { look, position } = looks()
    look(1, 1, { inFlight: -1 })
    expect(position()).toMatchObject({ count: 1, samples: ['inFlight@-1'] })
  })
})

describe('an empty queue', () => {
  function queues(heldMs = 0) {
    const lab = reportedLab()
    const watch = createQueueWatch(lab.context, heldMs)
    const depth = (visible: number): void =>
      watch('local', [{ group, visible, inFlight: 0, delayed: 0, deadLetters: 0 }])
    const judged = (): void => {
      lab.cover()
      lab.look()
    }
    return { ...lab, depth, judged }
  }

  it('L40 holds no message: what telemetry has open is lost, until telemetry catches up', () => {
    const { published, depth, judged, found, started, ended } = queues()
    published(1)
    depth(0)
    judged()
    expect(found('lost_message'), 'one look may miss what is on its way').toBeUndefined()
    depth(0)
    expect(found('lost_message'), 'telemetry may be on its way').toBeUndefined()
    judged()
    expect(found('lost_message')).toMatchObject({ count: 1, samples: [idOf(1)], groups: { [group]: 1 } })
    started(1, 1, epochMs + 5)
    ended(1, 1, epochMs + 6)
    expect(found('lost_message')).toBeUndefined()
  })

  it('L40 is none where telemetry was only late, where a message came between, or where the queue was not empty both times', () => {
    const { published, depth, judged, found, started, ended, context } = queues()
    published(1)
    depth(0)
    depth(0)
    started(1, 1, epochMs + 5)
    ended(1, 1, epochMs + 6)
    judged()
    depth(0)
    published(2)
    depth(0)
    judged()
    depth(1)
    depth(0)
    judged()
    expect([found('lost_message'), context.suspicions.size]).toEqual([undefined, 0])
  })

  it('L40 is none while a handler has it in flight, or its last run gave it up', () => {
    const { published, depth, judged, found, started, ended, context } = queues()
    context.processes.heard('consumer-db-1', 'a', epochMs, epochMs)
    published(1)
    published(2)
    started(1, 1, epochMs + 5)
    started(2, 1, epochMs + 5)
    ended(2, 1, epochMs + 6, group, {
      ...{ outcome: 'error', effect: undefined, next: { state: 'dead_lettered', reason: 'max_attempts' } },
    })
    depth(0)
    depth(0)
    judged()
    expect(found('lost_message')).toBeUndefined()
  })

  it('L20 L40 is none while telemetry of the group has a gap', () => {
    const { published, depth, judged, found, context } = queues()
    context.health.addMissing(group, 1)
    published(1)
    depth(0)
    depth(0)
    judged()
    expect([found('lost_message'), context.suspicions.size]).toEqual([undefined, 1])
  })
})
