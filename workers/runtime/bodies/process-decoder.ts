import { createDecoder, type Decode, type Decoder } from './decode.ts'

let decoder: Decoder | undefined

/** Decodes for the whole process: what it takes and what it publishes is checked in one thread, which ends with the process. */
export const decodeInProcess: Decode = (...given) => {
  decoder ??= createDecoder()
  return decoder.decode(...given)
}
