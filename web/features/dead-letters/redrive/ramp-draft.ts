import { deadLetterListLimit } from '#contracts/api/dead-letter.ts'

/** What is typed into the ramp; blank: not wanted. */
export interface RampDraft {
  canary: string
  rate: string
}

export const noRamp: RampDraft = { canary: '', rate: '' }

export interface Ramp {
  options: { canary?: number; ratePerSecond?: number }
  errors: Partial<Record<keyof RampDraft, string>>
}

/** Reads the ramp as the server would take it. */
export function readRamp({ canary, rate }: RampDraft): Ramp {
  const ramp: Ramp = { options: {}, errors: {} }
  if (canary.trim() !== '') {
    const first = Number(canary)
    if (Number.isInteger(first) && first >= 1 && first <= deadLetterListLimit) ramp.options.canary = first
    else ramp.errors.canary = `must be a whole number from 1 to ${deadLetterListLimit.toLocaleString('en-US')}`
  }
  if (rate.trim() !== '') {
    const perSecond = Number(rate)
    if (perSecond > 0 && perSecond <= 10_000) ramp.options.ratePerSecond = perSecond
    else ramp.errors.rate = 'must be more than 0 and at most 10,000'
  }
  return ramp
}
