import { z } from 'zod'
import { oneEndAtATime } from '../conflicts.ts'
import { defineFault, milliseconds } from '../define-fault.ts'

/** SIGKILL: no last words, nothing is given back. */
export const processKill = defineFault({
  type: 'process.kill',
  title: 'Kill process',
  sees: 'node dead, lag grows, redelivery after the session or visibility timeout',
  targets: ['service', 'instance'],
  params: z.strictObject({
    restartAfterMs: milliseconds('Restart after', 'How long it stays dead before it is started again.', 3_000),
  }),
  carriedBy: [{ by: 'sidecar-process', at: 'workers' }],
  conflictsWith: [oneEndAtATime],
  explains: { redelivery: { rank: 4, ended: '{expired} after kill of {instance}' } },
  lasts: 'restartAfterMs',
})
