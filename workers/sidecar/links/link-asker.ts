import net from 'node:net'

const answerMs = 10_000

/**
 * Asks the opener at `port key` for a link; resolves with what it answers, also if it does not. `connect` is the system's own,
 * which goes to the opener itself.
 */
export function askForLink(
  opener: string,
  host: string,
  port: number,
  connect: (socket: net.Socket, target: net.TcpNetConnectOpts) => void,
): Promise<{ proxyPort: number } | { problem: string }> {
  const [openerPort, key] = opener.split(' ')
  return new Promise((resolve) => {
    const socket = new net.Socket()
    let answer = ''
    socket.setEncoding('utf8')
    socket.setTimeout(answerMs, () => socket.destroy(new Error(`no answer within ${answerMs} ms`)))
    socket.on('data', (text: string) => {
      answer += text
    })
    socket.once('error', ({ message }) => resolve({ problem: `the sidecar opened no link: ${message}` }))
    socket.once('end', () => {
      try {
        resolve(JSON.parse(answer))
      } catch {
        resolve({ problem: 'the sidecar opened no link: it ended before it answered' })
      }
    })
    connect(socket, { host: '127.0.0.1', port: Number(openerPort) })
    socket.write(`${JSON.stringify({ key, host, port })}\n`)
  })
}
