import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const askEveryMs = 50
const oneAnswerMs = 2_000

/**
 * Sends `question` to a port of this machine and gives what came back once `complete` says that it is whole. Rejects
 * if nobody listens, the connection ends before, or two seconds pass.
 */
export async function ask(port: number, question: Buffer, complete: (answer: Buffer) => boolean): Promise<Buffer> {
  const socket = connect({ host: '127.0.0.1', port })
  try {
    const late = AbortSignal.timeout(oneAnswerMs)
    await once(socket, 'connect', { signal: late })
    socket.write(question)
    let answer = Buffer.alloc(0)
    while (!complete(answer)) {
      const [chunk] = await Promise.race([
        once(socket, 'data', { signal: late }),
        once(socket, 'close', { signal: late }).then(() => [undefined]),
      ])
      if (!Buffer.isBuffer(chunk)) throw new Error('the connection was closed before the answer')
      answer = Buffer.concat([answer, chunk])
    }
    return answer
  } finally {
    socket.on('error', () => undefined)
    socket.destroy()
  }
}

/** Asks again and again until `probe` resolves; rejects only when `signal` is aborted. */
export async function untilAnswers(probe: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const answered = await probe().then(
      () => true,
      () => false,
    )
    if (answered) return
    await sleep(askEveryMs, undefined, { signal })
  }
}
