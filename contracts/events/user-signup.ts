import { z } from 'zod'
import { defineEvent } from './define-event.ts'

export const userSignup = defineEvent({
  name: 'user_signup',
  version: 1,
  data: z.strictObject({ email: z.email(), name: z.string().min(1).max(200).optional() }),
  example: { email: 'ada@example.com', name: 'Ada Lovelace' },
  keyField: 'email',
})
