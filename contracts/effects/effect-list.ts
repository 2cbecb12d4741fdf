import { email } from './email.ts'
import { row } from './row.ts'

/** Every effect that the lab can show. A new one needs one line here. */
export const effects = [email, row] as const
