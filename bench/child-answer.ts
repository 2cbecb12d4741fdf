import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** What a child process says next. Rejects if it ends instead; `name` is what that sentence calls it. */
export async function answerOf<Answer>(child: ChildProcess, name: string): Promise<Answer> {
  const heard = new AbortController()
  const { signal } = heard
  try {
    const [said] = await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`${name} ended with ${code}`)
      }),
    ])
    return said as Answer
  } finally {
    heard.abort()
  }
}
