import { redriveInput } from '#contracts/api/dead-letter.ts'
import { boundsOf, typedNumber } from '../../form/typed-number.ts'
import { count } from '../../words/figures.ts'

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

const canaryContract = redriveInput.shape.canary.unwrap()
const rateContract = redriveInput.shape.ratePerSecond.unwrap()

/** Reads the ramp as the server would take it. */
export function readRamp({ canary, rate }: RampDraft): Ramp {
  const ramp: Ramp = { options: {}, errors: {} }
  const first = typedNumber(canary, canaryContract)
  const perSecond = typedNumber(rate, rateContract)
  if (first !== undefined) ramp.options.canary = first
  else if (canary.trim() !== '') ramp.errors.canary = `must be a whole number ${boundsOf(canaryContract)}`
  if (perSecond !== undefined) ramp.options.ratePerSecond = perSecond
  else if (rate.trim() !== '') ramp.errors.rate = `must be more than 0 and at most ${count(rateContract.maxValue ?? 0)}`
  return ramp
}
