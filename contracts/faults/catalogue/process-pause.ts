import { z } from 'zod'
import { oneEndAtATime } from '../conflicts.ts'
import { defineFault, milliseconds } from '../define-fault.ts'

/** SIGSTOP, and SIGCONT at its end: the process neither runs nor dies. */
export const processPause = defineFault({
  type: 'process.pause',
  title: 'Pause process',
  sees: 'a zombie: its messages go to others, and when it wakes come fenced commits and duplicates',
  targets: ['service', 'instance'],
  params: z.strictObject({
    durationMs: milliseconds('Duration', 'How long it is paused.', 15_000, 1),
  }),
  carriedBy: [{ by: 'sidecar-process', at: 'workers' }],
  conflictsWith: [oneEndAtATime],
  explains: { redelivery: { rank: 2, during: '{expired} while {instance} was paused' } },
  lasts: 'durationMs',
})
