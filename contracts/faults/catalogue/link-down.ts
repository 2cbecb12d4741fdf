import { z } from 'zod'
import { defineFault } from '../define-fault.ts'

/** Nobody listens: open connections are reset and new ones refused (ECONNREFUSED). */
export const linkDown = defineFault({
  type: 'link.down',
  title: 'Cut link',
  sees: 'the edge is red, the rest is healthy',
  targets: ['link'],
  params: z.strictObject({}),
  by: ['sidecar-link'],
})
