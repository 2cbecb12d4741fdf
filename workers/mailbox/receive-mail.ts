import type { Readable } from 'node:stream'
import { type LargeMails, smallMailBytes } from './large-mails.ts'

/** Why a mail was not received: an SMTP reply (RFC 5321, 4.2; enhanced code, RFC 3463). */
export class SmtpAnswer extends Error {
  readonly responseCode: number

  constructor(responseCode: number, message: string, cause?: unknown) {
    super(message, { cause })
    this.responseCode = responseCode
  }
}

export interface MailReceiver {
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
export function receiveMail(
  stream: Readable & { readonly sizeExceeded?: boolean },
  { maxBytes, receiveMs, largeMails }: MailReceiver,
): Promise<ReceivedBytes> {
  let chunks: Buffer[] = []
  let bytes = 0
  let isLate = false
  let isOver = false
  let isWaiting = false
  let done: (() => void) | undefined
  const isUnwanted = (): boolean => isOver || isLate || bytes > maxBytes
  const forget = (): void => {
    chunks = []
    done?.()
  }

  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      isLate = true
      forget()
    }, receiveMs)
    const fail = (error: unknown): void => {
      if (isOver) return
      isOver = true
      clearTimeout(deadline)
      forget()
      reject(error)
    }
    /** While it waits here nothing is read from its client, whose sending stops. */
    const waitForPlace = (): void => {
      isWaiting = true
      stream.pause()
      void largeMails.take().then((release) => {
        done = release
        if (isUnwanted()) forget()
        stream.resume()
      })
    }
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (isUnwanted()) return forget()
      chunks.push(chunk)
      if (bytes > smallMailBytes && !isWaiting) waitForPlace()
    })
    stream.once('end', () => {
      if (bytes > maxBytes || stream.sizeExceeded) {
        return fail(new SmtpAnswer(552, `5.3.4 The mail is larger than ${maxBytes} bytes`))
      }
      if (isLate)
        return fail(new SmtpAnswer(451, `4.4.2 The mail did not arrive within ${receiveMs} ms, try again later`))
      if (isOver) return
      isOver = true
      clearTimeout(deadline)
      resolve({ source: Buffer.concat(chunks), done: () => done?.() })
    })
    stream.once('error', fail)
    stream.once('close', () => fail(new Error('the mail was broken off')))
  })
}
