import { connect, type Socket } from 'node:net'

/** One kept-alive connection that speaks just enough HTTP: the client must cost little beside the server that is measured. */
class Connection {
  private readonly socket: Socket
  private readonly host: string
  private received = ''
  private settle: { resolve: (body: string) => void; reject: (error: Error) => void } | undefined

  constructor({ hostname, port, host }: URL) {
    this.host = host
    this.socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1')
    this.socket.on('data', (data: string) => this.take(data))
    this.socket.on('error', (error) => this.settle?.reject(error))
    this.socket.on('close', () => this.settle?.reject(new Error('the simulator closed the connection')))
  }

  call = (target: string, body: string): Promise<string> => this.post(`X-Amz-Target: AmazonSQS.${target}`, body)

  /** Sends one request with one header of its own. */
  post(header: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject }
      const head = `POST / HTTP/1.1\r\nHost: ${this.host}\r\n${header}\r\nContent-Length: ${body.length}`
      this.socket.write(`${head}\r\n\r\n${body}`)
    })
  }

  close(): void {
    this.settle = undefined
    this.socket.destroy()
  }

  private take(data: string): void {
    this.received += data
    const end = this.received.indexOf('\r\n\r\n')
    if (end === -1) return
    const length = Number(/content-length: (\d+)/i.exec(this.received)?.[1])
    const body = this.received.slice(end + 4)
    if (body.length < length) return
    const status = this.received.slice(9, 12)
    const { settle } = this
    this.received = ''
    this.settle = undefined
    if (status === '200') settle?.resolve(body)
    else settle?.reject(new Error(`void: answered with ${status} ${body}`))
  }
}

export interface RawClient {
  /** Sends one request; ASCII only. Rejects if the answer is not 200. */
  call(target: string, input: object): Promise<Record<string, unknown>>
  /** Sends one action of the Query protocol; its answer is XML. */
  form(fields: Record<string, string>): Promise<string>
  /** Runs `work` on each of the connections at the same time; its `call` and `form` are bound to one of them. */
  together(work: (call: RawClient['call'], form: RawClient['form']) => Promise<void>): Promise<void>
  close(): void
}

/** `inFlight` connections to a simulator. */
export function rawClient(url: string, inFlight: number): RawClient {
  const connections = Array.from({ length: inFlight }, () => new Connection(new URL(url)))
  const callOn =
    (connection: Connection | undefined): RawClient['call'] =>
    async (target, input) =>
      JSON.parse((await connection?.call(target, JSON.stringify(input))) ?? '{}')
  const formOn =
    (connection: Connection | undefined): RawClient['form'] =>
    async (fields) =>
      (await connection?.post(
        'Content-Type: application/x-www-form-urlencoded',
        String(new URLSearchParams(fields)),
      )) ?? ''
  return {
    call: callOn(connections[0]),
    form: formOn(connections[0]),
    together: async (work) =>
      void (await Promise.all(connections.map((connection) => work(callOn(connection), formOn(connection))))),
    close: () => {
      for (const connection of connections) connection.close()
    },
  }
}
