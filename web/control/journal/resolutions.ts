import { z } from 'zod'
import { type Resolution, resolution } from '../journeys/apply/apply-resolution.ts'

const resolutions = z.array(resolution)

/** The body of an entry of decisions. Throws if it is not one. */
export const readResolutions = (body: Uint8Array): Resolution[] =>
  resolutions.parse(JSON.parse(Buffer.from(body).toString()))
