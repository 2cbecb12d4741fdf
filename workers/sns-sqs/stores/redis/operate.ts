import type { Keys } from './keys.ts'
import type { Known, KnownQueue } from './known.ts'
import type { Script } from './script.ts'

export type ScriptArgs = (string | number)[]

/** Arguments that follow clock and epoch, and keys that follow those of the queue. */
export type QueueCall = { args: ScriptArgs; moreKeys?: string[] }

/** Runs one queue's script; rejects with `UnknownQueue` if none has that name. `call` is asked again where declarations have changed. */
export type Operate = (
  name: string,
  script: Script | ((queue: KnownQueue) => Script),
  call: (queue: KnownQueue, known: Known) => QueueCall,
) => Promise<string[]>

/** What receiving and settling need of the store. */
export interface QueueDeps {
  operate: Operate
  keys: Keys
  /** Name of this process among all that share the data. */
  sender: string
  /** The time of this process, near that of the server. */
  now: () => number
  /** A message of the queue is visible in so many milliseconds. */
  tell: (queue: string, delayMs: number) => void
}
