import { z } from 'zod'
import { defineFault } from '../define-fault.ts'

/** Each victim's handler fails, before or after it had its effect. */
export const handlerError = defineFault({
  type: 'handler.error',
  title: 'Failing handler',
  sees: 'attempts, backoff, dead letters; after the effect it shows who is idempotent',
  targets: ['service', 'instance', 'eventType'],
  services: 'consumers',
  params: z.strictObject({
    errorType: z
      .string()
      .regex(/^[A-Za-z_][\w.]{0,199}$/, 'must be a class name: letters, digits, _ and dots, at most 200')
      .default('InjectedError')
      .meta({ title: 'Error type', description: 'Name of the error, as retry policies compare it.' }),
    stage: z
      .enum(['before', 'after'])
      .default('before')
      .meta({ title: 'Stage', description: 'Before the effect (none is made), or after it.' }),
  }),
  percentOf: 'messages',
  carriedBy: [{ by: 'runtime', at: 'consumers' }],
})
