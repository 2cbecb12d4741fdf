import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { ApiProblem } from '../problem/problem.ts'

/** Encodings of a body that are taken, as the header Accept-Encoding of a refusal names them. */
export const acceptedEncodings = 'gzip, deflate, br'
/** Encodings of one body, one inside the other. */
const mostEncodings = 3

type Unpack = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const gzip: Unpack = promisify(gunzip)
const zlib: Unpack = promisify(inflate)
const raw: Unpack = promisify(inflateRaw)

/** RFC 9110, 8.4.1. `deflate` is zlib's format; some clients leave its header out, whose first four bits are never other than 8. */
const unpackers: Readonly<Record<string, Unpack>> = {
  gzip,
  'x-gzip': gzip,
  deflate: (body, options) => ((body[0] ?? 0) % 16 === 8 ? zlib : raw)(body, options),
  br: promisify(brotliDecompress),
}

/**
 * The body without its Content-Encoding. Throws `unsupported_media_type` for an encoding that is not known, `too_large` as soon as more
 * than `limit` bytes come out, and `bad_request` for bytes that are not what the header says.
 */
export async function unpacked(body: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  if (encoding === undefined) return body
  const names = encoding.toLowerCase().split(',')
  const applied = names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity')
  const unknown = applied.find((name) => !Object.hasOwn(unpackers, name))
  if (unknown !== undefined || applied.length > mostEncodings) {
    const what = unknown === undefined ? `${applied.length} encodings` : `"${unknown.slice(0, 100)}"`
    throw new ApiProblem(
      'unsupported_media_type',
      `the header Content-Encoding names ${what}; send the body as it is, or packed with one of ${acceptedEncodings}`,
    )
  }
  let inner = body
  // The last one named was applied last.
  for (const name of applied.reverse()) inner = await unpack(inner, name, limit)
  return inner
}

async function unpack(body: Buffer, name: string, limit: number): Promise<Buffer> {
  try {
    return (await unpackers[name]?.(body, { maxOutputLength: limit })) ?? body
  } catch (error) {
    if (error instanceof RangeError) {
      throw new ApiProblem('too_large', `the body has more than ${limit} bytes once its ${name} is unpacked`)
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new ApiProblem('bad_request', `the body is not ${name}, which Content-Encoding says that it is: ${reason}`)
  }
}
