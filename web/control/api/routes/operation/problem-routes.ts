import { z } from 'zod'
import { type ErrorCode, errorCodes } from '#contracts/errors.ts'
import { ApiProblem } from '../../../problem/problem.ts'
import { answer, problems } from '../../api-schema.ts'
import { explanationOf } from '../../error-explanations.ts'
import type { ZodApp } from '../../zod-app.ts'

const explained = z.object({
  code: z.string(),
  status: z.int(),
  title: z.string(),
  retryable: z.boolean(),
  explanation: z.string(),
})

/** Where the `type` of a problem document leads. */
export function problemRoutes(
  app: ZodApp,
  { errorsText }: { /** Text of contracts/ERRORS.md. */ errorsText: () => Promise<string> },
): void {
  app.get(
    '/problems/:code',
    {
      config: { open: true },
      schema: {
        operationId: 'explainProblem',
        summary: 'What an error code means and how to mend it',
        tags: ['problems'],
        params: z.object({ code: z.string() }),
        response: { 200: answer('The explanation.', explained), ...problems('not_found') },
      },
    },
    async (request) => {
      const { code } = request.params
      if (!isCode(code)) throw new ApiProblem('not_found', `there is no error code "${code.slice(0, 100)}"`)
      return { code, ...errorCodes[code], explanation: explanationOf(code, await errorsText()) }
    },
  )
}

const isCode = (text: string): text is ErrorCode => Object.hasOwn(errorCodes, text)
