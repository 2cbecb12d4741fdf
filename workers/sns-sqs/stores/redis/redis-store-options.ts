import type { Logger } from 'pino'

export interface RedisStoreOptions {
  /** `redis://[user:password@]host:port[/database]`, or `rediss://` with TLS. Redis 7 or later. */
  url: string
  /** Simulators with the same name on the same Redis share their queues. Default `faultline`. */
  namespace?: string
  /** Default: silent. */
  log?: Logger
  /** Epoch milliseconds, for tests. Default: the Redis server's. */
  clock?: () => number
  /** Milliseconds by which the Redis server's clock is taken to be ahead. Default: none. */
  aheadMs?: () => number
  /** Milliseconds without an answer after which a connection is given up. Default 2,000. */
  answerWithinMs?: number
  /** Milliseconds that an operation waits for a connection that has just broken. Default 1,000. */
  patienceMs?: number
  /** Milliseconds for which a send without an answer is sent again until its outcome is unknown. Default 4,000. */
  doubtMs?: number
}
