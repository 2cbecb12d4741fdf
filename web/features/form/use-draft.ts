'use client'

import { useState } from 'react'
import type { ZodType } from 'zod'
import type { Problem } from '#contracts/errors.ts'
import type { Answer } from '#web/http/api.ts'
import { type DraftBody, errorWithin, readDraft } from './read-draft.ts'
import { useSending } from './use-sending.ts'

interface DraftOptions<Draft extends object, Input> {
  /** Of the request that the form sends. */
  contract: ZodType<Input>
  /** What the form holds at first. */
  first: () => Draft
  /** The body that a draft represents. */
  bodyOf: (draft: Draft) => DraftBody
  /** Where the draft is kept, if it outlives the form; default: in the form. `change` is given what is kept by then. */
  kept?: { draft: Draft; keep: (change: (before: Draft) => Draft) => void }
  /** Whether what is wrong shows as it is typed; default: from the first try to send on. */
  asTyped?: boolean
  /** The place in the form's body that an error of the server's is at; default: the one that it names. */
  placeOf?: (pointer: string) => string
}

/**
 * The draft of a form, read by the contract of its request.
 *
 * TYPED → SENDING → SENT, or REFUSED with the server's problem; an edit leads back to TYPED and takes the problem away. A draft that
 * the contract does not take is not sent. While one is sent it can be edited: who clears it afterwards asks whether it is still that one.
 */
export function useDraft<Draft extends object, Input>(options: DraftOptions<Draft, Input>) {
  const { contract, first, bodyOf, kept, asTyped = false, placeOf = (pointer) => pointer } = options
  const [own, setOwn] = useState(first)
  const [tried, setTried] = useState(asTyped)
  const { sending, problem, send, forget } = useSending()
  const [refusals, setRefusals] = useState(0)
  const draft = kept?.draft ?? own
  const keep = kept?.keep ?? setOwn
  const { input, errors: found } = readDraft(contract, bodyOf(draft))
  const errors: Record<string, string> = tried ? { ...found } : {}
  for (const { path, message } of problem?.errors ?? []) errors[placeOf(path)] ??= message
  const run = async (call: () => Promise<Answer>): Promise<{ value: unknown } | undefined> => {
    if (sending) return undefined
    const done = await send(call)
    if (done === undefined) refuse()
    return done
  }
  const refuse = (): void => setRefusals((before) => before + 1)
  return {
    draft,
    /** What the contract takes; undefined while anything is wrong. */
    input,
    sending,
    /** Why the server refused the last one that was sent. */
    problem,
    /** How often the contract or the server refused what was to be sent. */
    refusals,
    edit(patch: Partial<Draft>): void {
      forget()
      keep((before) => ({ ...before, ...patch }))
    },
    /** Begins as at first, unless the draft is not `sent` any more. */
    clear(sent: Draft): void {
      keep((before) => (before === sent ? first() : before))
    },
    /** Forgets what was refused, of a draft that is given up. */
    reset(): void {
      forget()
      setTried(asTyped)
    },
    /** What is wrong at a field, by its pointer into the body. */
    errorAt: (pointer: string): string | undefined => errorWithin(errors, pointer),
    /** The problem, unless one of these fields shows it. */
    problemBeside: (pointers: readonly string[]): Problem | undefined =>
      pointers.some((pointer) => errorWithin(errors, pointer) !== undefined) ? undefined : problem,
    /** Sends a draft that is right; resolves with the value of the answer once it was taken, else with undefined. */
    async submit(call: (input: Input) => Promise<Answer>): Promise<{ value: unknown } | undefined> {
      setTried(true)
      if (input !== undefined) return run(() => call(input))
      refuse()
      return undefined
    },
    /** Asks for something else about the same thing, with the same answers. */
    run,
  }
}
