import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { acceptedMail } from './accepted-mail.ts'
import { createLargeMails } from './large-mails.ts'
import type { MailStore } from './mail-store.ts'
import { receiveMail, SmtpAnswer } from './receive-mail.ts'

export interface MailboxOptions {
  host: string
  /** 0: any free one. */
  port: number
  store: MailStore
  /** Largest mail in bytes; a larger one is answered with 552. Default 1 MiB. */
  maxBytes?: number
  /** Connections at the same time; one more is answered with 421. Default 200. */
  maxClients?: number
  /** Recipients of one mail; one more is answered with 452. Default 100, which RFC 5321 (4.5.3.1.8) asks for. */
  maxRecipients?: number
  /** Mails of more than 64 KiB that are held in memory at the same time; the clients of others wait. Default 16. */
  maxLargeMails?: number
  /** Milliseconds within which a mail has to arrive; after them it is answered with 451. Default 60,000. */
  receiveMs?: number
  /** A mail could not be stored and its sender was asked to come again. */
  onTrouble: (error: unknown) => void
}

export interface Mailbox {
  port: number
  /** Takes no more, finishes what is being received, for at most a second. */
  close(): Promise<void>
}

/**
 * An SMTP server that keeps every mail it is given. 250 is answered after the mail is committed; where the database is
 * away the answer is 451, upon which a sender tries again later. However much its clients send, it holds no more of it than
 * 64 KiB for each and `maxBytes` for each of the large mails. No encryption and no login: it is for loopback.
 */
export async function openMailbox({ host, port, store, onTrouble, ...limits }: MailboxOptions): Promise<Mailbox> {
  const maxBytes = limits.maxBytes ?? 1024 * 1024
  const largeMails = createLargeMails(limits.maxLargeMails ?? 16)
  const receiving = { maxBytes, receiveMs: limits.receiveMs ?? 60_000, largeMails }

  async function keep(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const { source, done } = await receiveMail(stream, receiving)
    await store.add(acceptedMail(source, session)).finally(done)
  }

  const server = new SMTPServer({
    name: 'faultline',
    banner: 'Faultline mailbox',
    size: maxBytes,
    maxClients: limits.maxClients ?? 200,
    maxRecipients: limits.maxRecipients ?? 100,
    // A line of the dialogue, RFC 5321, 4.5.3.1.4, with room for extensions.
    maxCommandLength: 2_048,
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    socketTimeout: 60_000,
    closeTimeout: 1_000,
    onData(stream, session, answer) {
      keep(stream, session).then(
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
  net.on('connection', answerOnceATurn)
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

/** Commands that came together, as RFC 2920 has them sent, are answered in one write. */
function answerOnceATurn(socket: Socket): void {
  socket.prependListener('data', () => {
    socket.cork()
    process.nextTick(() => socket.uncork())
  })
}
