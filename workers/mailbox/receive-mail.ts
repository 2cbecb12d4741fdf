import { type LargeMails, smallMailBytes } from './large-mails.ts'

/** Why a mail was not received: an SMTP reply (RFC 5321, 4.2; enhanced code, RFC 3463). */
export class SmtpAnswer extends Error {
  readonly responseCode: number

  constructor(responseCode: number, message: string, cause?: unknown) {
    super(message, { cause })
    this.responseCode = responseCode
  }
}

export interface ReceiveOptions {
  /** Larger ones are answered with 552. */
  maxBytes: number
  /** Milliseconds within which a mail has to arrive; 451 after them. */
  receiveMs: number
  largeMails: LargeMails
}

/** A mail's bytes, and what gives their memory back once they are stored. */
export interface ReceivedBytes {
  source: Buffer<ArrayBuffer>
  done: () => void
}

/**
 * WITHIN THE FREE BYTES → HOLDING A PLACE FOR A LARGE MAIL → WHOLE | TOO LARGE | TOO LATE. What is too large or too late is read to its end
 * all the same, since a client sends a mail whole before it listens to an answer, and nothing of it is kept.
 */
export async function receiveMail(
  stream: AsyncIterable<Buffer> & { readonly sizeExceeded?: boolean },
  { maxBytes, receiveMs, largeMails }: ReceiveOptions,
): Promise<ReceivedBytes> {
  let chunks: Buffer[] = []
  let bytes = 0
  let isLate = false
  let done: (() => void) | undefined
  const forget = (): void => {
    chunks = []
    done?.()
  }
  const deadline = setTimeout(() => {
    isLate = true
    forget()
  }, receiveMs)
  try {
    for await (const chunk of stream) {
      bytes += chunk.length
      if (bytes > maxBytes) forget()
      if (bytes > maxBytes || isLate) continue
      // While it waits here nothing is read from its client, whose sending stops.
      if (bytes > smallMailBytes) done ??= await largeMails.take()
      if (isLate) forget()
      else chunks.push(chunk)
    }
    if (bytes > maxBytes || stream.sizeExceeded) {
      throw new SmtpAnswer(552, `5.3.4 The mail is larger than ${maxBytes} bytes`)
    }
    if (isLate) throw new SmtpAnswer(451, `4.4.2 The mail did not arrive within ${receiveMs} ms, try again later`)
    return { source: Buffer.concat(chunks), done: () => done?.() }
  } catch (error) {
    forget()
    throw error
  } finally {
    clearTimeout(deadline)
  }
}
