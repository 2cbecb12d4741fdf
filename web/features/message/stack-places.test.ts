import { expect, it } from 'vitest'
import { stackPlaces } from './stack-places.ts'

it('names the innermost places that are the project’s own', () => {
  const stack = `SmtpBusy: 421 (see notes.ts:9)
    at Mailer.send (/app/workers/consumer-email/mailer.ts:48:13)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at emit (/app/node_modules/x/index.js:3:1)
    at /app/workers/consumer-email/handlers.ts:21:5
    at run (/app/workers/runtime/run-consumer.ts:80:5)`
  expect(stackPlaces(stack)).toEqual(['mailer.ts:48', 'handlers.ts:21'])
  expect(stackPlaces(undefined)).toEqual([])
})
