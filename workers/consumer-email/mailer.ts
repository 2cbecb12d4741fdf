import type { Effect } from '#contracts/protocols/telemetry.ts'
import type { HandledEvent } from '#workers/runtime/consume/consumer.ts'
import type { Letter } from './letter.ts'
import { mailHeaders, mailMessageId } from './mail-headers.ts'
import { mailSource } from './mail-source.ts'
import { createSendingSlots } from './sending-slots.ts'
import { createSmtpConnections } from './smtp-connections.ts'
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

const from = { name: 'Faultline', address: 'faultline@example.com' }
const connections = 8

/** Sends over kept connections to `smtp://host:port`. A mail is tried once: the consume loop decides about another try. */
export function createMailer(url: string): Mailer {
  const transport = createSmtpConnections(url)
  // As many as there are connections: a mail that waits for one is not sent where its attempt has ended meanwhile.
  const slots = createSendingSlots(connections)

  return {
    async send(event, letter) {
      const messageId = mailMessageId(event.id)
      const release = await slots.take(event.signal)
      let wasSent = false
      try {
        await transport.send({
          from: from.address,
          to: letter.to.address,
          source: mailSource([...mailHeaders(event, letter, from), `Message-ID: ${messageId}`], letter),
          onSent: () => {
            wasSent = true
          },
        })
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
