import { createTransport } from 'nodemailer'
import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { HandledEvent } from '#workers/runtime/consume/consumer.ts'
import type { Letter } from './letter.ts'
import { mailHeaders, mailMessageId } from './mail-headers.ts'
import { createSendingSlots } from './sending-slots.ts'
import { smtpError } from './smtp-error.ts'

/** What of an event its mail needs. `signal` and `log` are those of the attempt. */
export type MailedEvent = Pick<HandledEvent, 'id' | 'type' | 'attempt'> & Partial<Pick<HandledEvent, 'signal' | 'log'>>

export interface Mailer {
  /**
   * Resolves once the server has accepted. Throws `SmtpBusy`, `SmtpRejected`, `SmtpUnavailable` or, where the server may have
   * accepted, `SmtpUnanswered`. A mail whose attempt ended while it waited for a connection is not sent.
   */
  send(event: MailedEvent, letter: Letter): Promise<Effect>
  /** Closes connections; mail that is on its way fails. */
  close(): void
}

/** What nodemailer is given beside its own options. */
interface Outgoing {
  /** Header lines that it must leave as they are. */
  head: string
  envelope: { from: string; to: string[] }
  /** The last byte of the mail was taken from it to be sent. */
  onSent: () => void
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
  // nodemailer strips and lower-cases addresses, in envelope and header alike, and does not escape text that looks like an encoded
  // word. It is left with the MIME parts and the dialogue.
  transport.use('stream', ({ data, message }, done) => {
    const { head, envelope, onSent } = data as unknown as Outgoing
    const build = message.buildHeaders.bind(message)
    const read = message.createReadStream.bind(message)
    message.buildHeaders = () => `${head}\r\n${build()}`
    message.getEnvelope = () => ({ from: envelope.from, to: [...envelope.to] })
    message.createReadStream = (options) => read(options).once('end', onSent)
    done()
  })
  // The pool would queue without end and send what nobody waits for any more.
  const slots = createSendingSlots(connections)

  return {
    async send(event, letter) {
      const messageId = mailMessageId(event.id)
      const release = await slots.take(event.signal)
      let wasSent = false
      const outgoing: Outgoing = {
        head: mailHeaders(event, letter, from).join('\r\n'),
        envelope: { from: from.address, to: [letter.to.address] },
        onSent: () => {
          wasSent = true
        },
      }
      try {
        await transport.sendMail({ text: lines(letter.text), html: lines(letter.html), messageId, ...outgoing })
      } catch (error) {
        const failure = smtpError(error, wasSent)
        if (event.signal?.aborted && wasSent) event.log?.warn(`after its attempt had ended: ${failure.message}`)
        throw failure
      } finally {
        release()
      }
      if (event.signal?.aborted) {
        event.log?.warn(
          `the mail ${messageId} was accepted after its attempt had ended: another attempt sends a second one`,
        )
      }
      return { kind: 'email', ref: messageId.slice(0, 500) }
    },
    close: () => transport.close(),
  }
}

/** SMTP has one kind of line break; each of the others becomes one, which nodemailer does not do for all of them. */
const lines = (text: string): string => text.replace(/\r\n?/g, '\n')
