import { z } from 'zod'
import { defineFault } from '../define-fault.ts'

/** Nobody listens: open connections are reset and new ones refused (ECONNREFUSED). */
export const linkDown = defineFault({
  type: 'link.down',
  title: 'Cut link',
  sees: 'the edge is red, the rest is healthy',
  targets: ['link'],
  params: z.strictObject({}),
  carriedBy: [{ by: 'sidecar-link', at: 'link' }],
  conflictsWith: [{ on: 'link', types: 'any', because: 'on a link that is cut nothing else can happen' }],
  explains: { holdsPublishes: true, cuts: true, redelivery: { rank: 7, during: '{expired} under {fault}' } },
})
