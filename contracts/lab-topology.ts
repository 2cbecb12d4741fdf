import type { z } from 'zod'
import type { topologyDeclaration } from './lab.ts'

/**
 * The topology file: every worker of the lab. A consumer added here, with its folder under `workers/`, is started,
 * wired and drawn; nothing else names it.
 */
export const labTopology: z.input<typeof topologyDeclaration> = {
  producers: [{ name: 'producer', replicas: 1 }],
  consumers: [
    {
      name: 'consumer-email',
      replicas: 1,
      subscribesTo: ['user_signup', 'order_placed', 'payment_failed'],
      effect: { kind: 'email', name: 'mailbox' },
      idempotent: false,
    },
    {
      name: 'consumer-db',
      replicas: 2,
      subscribesTo: ['user_signup', 'order_placed'],
      effect: { kind: 'row', name: 'database' },
      idempotent: true,
    },
  ],
}
