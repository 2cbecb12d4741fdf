import { createTransport } from 'nodemailer'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { Letter } from './letter.ts'
import { mailMessageId, traceHeaders } from './mail-headers.ts'
import { smtpError } from './smtp-error.ts'

export interface Mailer {
  /** Resolves once the server has accepted. Throws `SmtpBusy`, `SmtpRejected` or `SmtpUnavailable`. */
  send(event: { id: string; type: string; attempt: number }, letter: Letter): Promise<Effect>
  /** Closes connections; mail that is on its way fails. */
  close(): void
}

const from = { name: 'Faultline', address: 'faultline@example.com' }
const connections = 8
const timeoutMs = 10_000

/** Sends over kept connections to `smtp://host:port`. A mail is tried once: the consume loop decides about another try. */
export function createMailer(url: string): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    maxRequeues: 0,
    connectionTimeout: timeoutMs / 2,
    greetingTimeout: timeoutMs / 2,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(event, { to, subject, text, html }) {
      const messageId = mailMessageId(event.id)
      try {
        await transport.sendMail({
          from,
          to: { name: to.name ?? '', address: to.address },
          envelope: { from: from.address, to: [to.address] },
          subject,
          text,
          html,
          messageId,
          headers: traceHeaders(event),
        })
      } catch (error) {
        throw smtpError(error)
      }
      return { kind: 'email', ref: messageId.slice(0, 500) }
    },
    close: () => transport.close(),
  }
}
