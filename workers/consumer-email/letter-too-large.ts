import { type LetterPart, letterPartBytes } from '#contracts/effects/effect-limits.ts'

/** The event and its type's template make a letter beyond what is sent: no attempt will change that. */
export class LetterTooLarge extends Error {
  override readonly name = 'LetterTooLarge'
}

/** Counts what will become of one part of a letter before it is made. */
export interface PartBudget {
  /** Takes bytes that the part is going to have. Throws `LetterTooLarge` where that is more than it may have. */
  spend(bytes: number): void
}

export function partBudget(type: string, part: LetterPart): PartBudget {
  const limit = letterPartBytes[part]
  let spent = 0
  return {
    spend(bytes) {
      spent += bytes
      if (spent > limit) {
        throw new LetterTooLarge(
          `the ${part} of the letter for ${type} would have more than ${limit} bytes: its e-mail template and the event's values make too much of it`,
        )
      }
    },
  }
}
