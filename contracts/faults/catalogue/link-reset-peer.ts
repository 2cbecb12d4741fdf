import { z } from 'zod'
import { defineFault, milliseconds } from '../define-fault.ts'

/** Connections are ended with a TCP RST. */
export const linkResetPeer = defineFault({
  type: 'link.reset_peer',
  title: 'Reset connections',
  sees: 'a reconnect storm',
  targets: ['link'],
  params: z.strictObject({
    timeoutMs: milliseconds('Reset after', 'How long a connection lives; 0: it is reset at once.', 0),
  }),
  percentOf: 'connections',
  carriedBy: [{ by: 'sidecar-link', at: 'link' }],
  explains: { holdsPublishes: true, redelivery: { rank: 7, during: '{expired} under {fault}' } },
})
