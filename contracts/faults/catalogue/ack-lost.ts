import { z } from 'zod'
import { defineFault } from '../define-fault.ts'

/**
 * The work is done and nobody hears of it. On a link the sidecar swallows the broker's answers; at a producer its
 * publishes reach the broker and their answers do not count; at a consumer no settlement reaches the broker.
 */
export const ackLost = defineFault({
  type: 'ack.lost',
  title: 'Lose acknowledgements',
  sees: 'produce: indeterminate, then recovered; consume: redelivery of what was handled',
  targets: ['link', 'service', 'instance'],
  params: z.strictObject({
    side: z
      .enum(['produce', 'consume'])
      .default('produce')
      .meta({ title: 'Side', description: 'produce: answers to the producer. consume: commits of a consumer.' }),
  }),
  carriedBy: [
    { by: 'sidecar-link', at: 'link' },
    { by: 'producer', at: 'producers', where: { side: 'produce' } },
    { by: 'runtime', at: 'consumers', where: { side: 'consume' } },
  ],
  explains: { redelivery: { rank: 6, during: 'its acknowledgement was lost: {fault}' } },
  linksTo: { end: 'broker', because: 'acknowledgements come from the broker' },
  side: {
    param: 'side',
    fromTarget: true,
    refusal: (target, side) => `${target} is on the ${side} side; give ${side}, or leave it out`,
  },
})
