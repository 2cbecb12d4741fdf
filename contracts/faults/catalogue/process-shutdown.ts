import { z } from 'zod'
import { oneEndAtATime } from '../conflicts.ts'
import { defineFault, milliseconds } from '../define-fault.ts'

/** SIGTERM, and SIGKILL where the grace time does not suffice. */
export const processShutdown = defineFault({
  type: 'process.shutdown',
  title: 'Shut process down',
  sees: 'leaves the group at once, few duplicates',
  targets: ['service', 'instance'],
  params: z.strictObject({
    graceMs: milliseconds('Grace', 'How long it may take to stop by itself before SIGKILL.', 10_000, 0, 600_000),
    restartAfterMs: milliseconds('Restart after', 'How long after the order to stop it is started again.', 3_000),
  }),
  carriedBy: [{ by: 'sidecar-process', at: 'workers' }],
  conflictsWith: [oneEndAtATime],
  explains: {
    redelivery: {
      rank: 5,
      ended: 'given back at the shutdown of {instance}',
      during: 'given back at the shutdown of {instance}',
    },
  },
  lasts: 'restartAfterMs',
})
