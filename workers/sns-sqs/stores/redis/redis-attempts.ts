import { maximumAttempts, type ReceiveAttempts, repeatableMs } from '../receive-attempts.ts'
import type { Keys } from './keys.ts'
import type { ScriptArgs } from './operate.ts'
import type { Script } from './script.ts'
import { keepAttemptScript, readAttemptScript } from './scripts/attempts.ts'
import type { RedisSession } from './session.ts'

/** Receives that can be repeated by every process of the namespace: a hash and an order by age, both of which end by themselves. */
export class RedisAttempts implements ReceiveAttempts {
  private readonly session: RedisSession
  private readonly keys: Keys
  private readonly clock: () => string

  constructor(session: RedisSession, keys: Keys, clock: () => string) {
    this.session = session
    this.keys = keys
    this.clock = clock
  }

  async get(id: string): Promise<string | undefined> {
    const [, text = ''] = await this.run(readAttemptScript, [id, repeatableMs])
    return text === '' ? undefined : text
  }

  async keep(id: string, text: string): Promise<void> {
    await this.run(keepAttemptScript, [id, text, maximumAttempts, repeatableMs])
  }

  private run(script: Script, args: ScriptArgs): Promise<string[]> {
    const keys = [this.keys.meta, ...this.keys.attempts]
    return this.session.run(({ epoch }) => ({ script, keys, args: [this.clock(), epoch, ...args] }))
  }
}
