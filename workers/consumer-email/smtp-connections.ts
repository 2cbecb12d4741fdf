import { Readable } from 'node:stream'
import { parseConnectionUrl } from 'nodemailer/lib/shared'
import SMTPConnection from 'nodemailer/lib/smtp-connection'

export interface OutgoingMail {
  from: string
  to: string
  source: Buffer
  /** The mail is being sent: from now on the server may have it whole. */
  onSent: () => void
}

/** Kept connections to one server. Each carries one mail at a time. */
export interface SmtpConnections {
  /** Sends over a connection that is free, or over a new one. Rejects with what nodemailer says of a failure; a mail is tried once. */
  send(mail: OutgoingMail): Promise<void>
  /** Closes them all; mail that is on its way fails. */
  close(): void
}

const timeoutMs = 10_000
/** Bytes of a line break, the dot and a line break. */
const endBytes = 5

/**
 * Hands a mail over in one piece, and has the socket send it with the dot that ends it: one write for each mail that the socket's buffer
 * has room for. A larger one would fill the buffer while nothing may leave it, and wait for that for ever.
 */
class WholeMail extends Readable {
  readonly #mail: OutgoingMail
  readonly #connection: SMTPConnection

  constructor(mail: OutgoingMail, connection: SMTPConnection) {
    super()
    this.#mail = mail
    this.#connection = connection
  }

  override pipe<Target extends NodeJS.WritableStream>(target: Target): Target {
    const { _socket: socket } = this.#connection
    // Each dot that begins a line is sent twice.
    if (socket && 2 * this.#mail.source.length + endBytes < socket.writableHighWaterMark) {
      socket.cork()
      // It has written all it has.
      target.once('end', () => socket.uncork())
    }
    this.#mail.onSent()
    target.end(this.#mail.source)
    return target
  }
}

/** A connection is FREE → SENDING → FREE, or gone for good. At most as many are open as mails were sent side by side. */
export function createSmtpConnections(url: string): SmtpConnections {
  const { auth, ...server } = parseConnectionUrl(url)
  const open = new Set<SMTPConnection>()
  const free: SMTPConnection[] = []

  function forget(connection: SMTPConnection): void {
    open.delete(connection)
    const index = free.indexOf(connection)
    if (index >= 0) free.splice(index, 1)
  }

  function connected(): Promise<SMTPConnection> {
    const connection = new SMTPConnection({
      ...server,
      connectionTimeout: timeoutMs / 2,
      greetingTimeout: timeoutMs / 2,
      socketTimeout: timeoutMs,
    })
    open.add(connection)
    return new Promise((resolve, reject) => {
      // It learns of a mail that is on its way from the answer to it, and one that is free is not missed.
      connection.on('error', (error) => {
        forget(connection)
        reject(error)
      })
      connection.once('end', () => {
        forget(connection)
        reject(new Error('the server closed the connection before it was ready'))
      })
      connection.connect((error) => {
        if (error) return reject(error)
        if (auth === undefined) return resolve(connection)
        connection.login(auth as SMTPConnection.Credentials, (refusal) => {
          if (!refusal) return resolve(connection)
          connection.close()
          reject(refusal)
        })
      })
    })
  }

  /** The server refused a mail; the connection may be sound, and begins the next one where RSET is answered. */
  function mend(connection: SMTPConnection, { responseCode = 421 }: SMTPConnection.SMTPError): void {
    if (responseCode === 421 || !open.has(connection)) {
      connection.close()
      return
    }
    connection.reset((error) => {
      if (error) connection.close()
      else if (open.has(connection)) free.push(connection)
    })
  }

  return {
    async send(mail) {
      const connection = free.pop() ?? (await connected())
      const { from, to } = mail
      await new Promise<void>((resolve, reject) => {
        connection.send({ from, to: [to] }, new WholeMail(mail, connection), (error) => {
          if (error === null || error === undefined) {
            if (open.has(connection)) free.push(connection)
            return resolve()
          }
          mend(connection, error)
          reject(error)
        })
      })
    },
    close() {
      for (const connection of open) connection.close()
    },
  }
}
