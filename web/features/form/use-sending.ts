'use client'

import { useState } from 'react'
import type { Problem } from '#contracts/errors.ts'
import type { Answer } from '#web/http/api.ts'

/** What a form asks of the server, one request at a time. */
export interface Sending {
  sending: boolean
  /** Why the server refused the last one; taken away by the next, and by `forget`. */
  problem: Problem | undefined
  /** Resolves with the value of the answer, or with undefined: the server refused it, or another one is on its way. */
  send: (call: () => Promise<Answer>) => Promise<{ value: unknown } | undefined>
  /** The problem is of something that is not in the form any more. */
  forget: () => void
}

/** IDLE → SENDING → IDLE, or REFUSED with the server's problem until the next request or an edit. */
export function useSending(): Sending {
  const [sending, setSending] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  return {
    sending,
    problem,
    send: async (call) => {
      if (sending) return undefined
      setSending(true)
      setProblem(undefined)
      const answer = await call()
      setSending(false)
      if (answer.ok) return { value: answer.value }
      setProblem(answer.problem)
      return undefined
    },
    forget: () => setProblem(undefined),
  }
}
