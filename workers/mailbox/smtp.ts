import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { decodeWords, readHeaders } from './mail-headers.ts'
import type { AcceptedMail, MailStore } from './mail-store.ts'

export interface MailboxOptions {
  host: string
  /** 0: any free one. */
  port: number
  store: MailStore
  /** Largest mail in bytes; a larger one is answered with 552. Default 1 MiB. */
  maxBytes?: number
  /** Connections at the same time; one more is answered with 421. Default 200. */
  maxClients?: number
  /** A mail could not be stored and its sender was asked to come again. */
  onTrouble: (error: unknown) => void
}

export interface Mailbox {
  port: number
  /** Takes no more, finishes what is being received, for at most a second. */
  close(): Promise<void>
}

class SmtpAnswer extends Error {
  readonly responseCode: number

  constructor(responseCode: number, message: string, cause?: unknown) {
    super(message, { cause })
    this.responseCode = responseCode
  }
}

async function receive(stream: SMTPServerDataStream, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Read to its end all the same: the client sends it whole before it listens to an answer.
    if (bytes <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  if (bytes > maxBytes || stream.sizeExceeded) {
    throw new SmtpAnswer(552, `5.3.4 The mail is larger than ${maxBytes} bytes`)
  }
  return Buffer.concat(chunks)
}

function acceptedMail(source: Buffer<ArrayBuffer>, { envelope }: SMTPServerSession): AcceptedMail {
  const headers = readHeaders(source)
  const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address
  return {
    messageId: headers.get('x-faultline-message') ?? null,
    smtpMessageId: headers.get('message-id') ?? null,
    from: sender === '' ? decodeWords(headers.get('from') ?? '') : sender,
    to: envelope.rcptTo.map(({ address }) => address).join(', '),
    subject: decodeWords(headers.get('subject') ?? ''),
    source,
  }
}

/**
 * An SMTP server that keeps every mail it is given. 250 is answered after the mail is committed; where the database is
 * away the answer is 451, upon which a sender tries again later. No encryption and no login: it is for loopback.
 */
export async function openMailbox({ host, port, store, onTrouble, ...limits }: MailboxOptions): Promise<Mailbox> {
  const maxBytes = limits.maxBytes ?? 1024 * 1024
  const server = new SMTPServer({
    name: 'faultline',
    banner: 'Faultline mailbox',
    size: maxBytes,
    maxClients: limits.maxClients ?? 200,
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    socketTimeout: 60_000,
    closeTimeout: 1_000,
    onData(stream, session, answer) {
      receive(stream, maxBytes)
        .then((source) => store.add(acceptedMail(source, session)))
        .then(
          () => answer(null, '2.0.0 Stored'),
          (error: unknown) => {
            if (error instanceof SmtpAnswer) return answer(error)
            onTrouble(error)
            return answer(new SmtpAnswer(451, '4.3.0 The mail could not be stored, try again later', error))
          },
        )
    },
  })
  // A connection that broke: its client knows, and sends again what was not answered.
  server.on('error', () => undefined)
  const net = server.listen(port, host)
  await Promise.race([
    once(net, 'listening'),
    once(net, 'error').then(([error]) => {
      throw error
    }),
  ])
  return {
    port: (net.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
