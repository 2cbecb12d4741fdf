import type { ErrorInfo } from '#contracts/protocols/telemetry.ts'
import { errorInfoOf } from '../process/error-info.ts'
import type { Emission } from './caused-event.ts'
import { EmissionNotAcknowledged, InvalidEmission } from './emission-errors.ts'

/** What a broker says of a message that it will never take. */
const neverTaken: readonly string[] = ['MessageTooLarge', 'InvalidKey', 'InvalidText']

/** Why an attempt that handed this event to the broker is not done; undefined if the broker has it, or was never given it. */
export function emissionProblemOf(emission: Emission): ErrorInfo | undefined {
  if (emission.state !== 'failed' && emission.state !== 'indeterminate') return undefined
  const { id, state, error } = emission
  if (neverTaken.includes(error.type))
    return errorInfoOf(new InvalidEmission(`no broker takes ${id}: ${error.message}`))
  const fate = state === 'failed' ? 'does not have it' : 'may have it'
  return errorInfoOf(
    new EmissionNotAcknowledged(`the broker did not acknowledge ${id} and ${fate} (${error.type}: ${error.message})`),
  )
}
