import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  from: string
  to: string[]
  source: string
  mail: ParsedMail
}

/** A real SMTP server of a test, behind a wire that writes down what is sent to it. */
export interface MailServer {
  /** `smtp://127.0.0.1:port`. */
  url: string
  received: ReceivedMail[]
  /** Every line that clients sent, byte for byte as Latin-1. */
  lines(): string[]
  /** From now on the wire breaks, once, in place of the server's answer to a mail. */
  breakBeforeAnswer(): void
  close(): Promise<void>
}

/** `answer` may refuse a recipient with a reply code. */
export async function startMailServer(answer: (recipient: string) => number = () => 250): Promise<MailServer> {
  const received: ReceivedMail[] = []
  const wires = new Set<Socket>()
  const sent: Buffer[] = []
  let breaks = false
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 50,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      const responseCode = answer(address)
      done(responseCode === 250 ? null : Object.assign(new Error('not now'), { responseCode }))
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const source = Buffer.concat(chunks).toString('utf8')
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ from, to, source, mail: await simpleParser(source) })
        if (breaks) for (const wire of wires) wire.destroy()
        breaks = false
        done()
      })
    },
  })
  // A client that goes away is no failure of the server.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const behind = server.server.address() as AddressInfo

  const wire = createServer((client) => {
    const upstream = connect(behind.port, '127.0.0.1')
    wires.add(client)
    client.on('data', (chunk) => sent.push(chunk))
    client.pipe(upstream).pipe(client)
    const end = (): void => {
      wires.delete(client)
      client.destroy()
      upstream.destroy()
    }
    for (const side of [client, upstream]) side.on('error', end).on('close', end)
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  const { port } = wire.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    lines: () => Buffer.concat(sent).toString('latin1').split('\r\n'),
    breakBeforeAnswer: () => {
      breaks = true
    },
    close: async () => {
      for (const one of wires) one.destroy()
      await new Promise<void>((resolve) => wire.close(() => resolve()))
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
