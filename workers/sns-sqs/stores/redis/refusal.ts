import { ReplyError } from 'ioredis'

/** The connection broke before the answer came: nobody knows whether Redis did it. */
export class LinkBroken extends Error {
  override readonly name = 'LinkBroken'
}

/** Refusals that come before a script has changed anything, by the first word of the reply, and what helps. */
const refusals: Record<string, string> = {
  OOM: 'its memory is full; consume or purge some messages, or raise maxmemory',
  READONLY: 'it is a replica and takes no writes; point REDIS_URL at the primary',
  MISCONF: 'it cannot write to its disk; free some space or look into its log',
  LOADING: 'it is still loading its data',
  BUSY: 'a script of someone else blocks it',
  NOAUTH: 'it wants a password; put it into REDIS_URL as redis://user:password@host:port',
  WRONGPASS: 'user or password of REDIS_URL are wrong',
  NOPERM:
    'the user of REDIS_URL may not run what is needed; allow it scripts, pub/sub, INFO and the keys of the namespace',
  MASTERDOWN: 'its primary is away',
  NOREPLICAS: 'too few of its replicas are connected',
  CLUSTERDOWN: 'its cluster is down',
  MOVED: 'it is one node of a cluster and the keys are on another; point REDIS_URL at that node',
}

/** Why Redis refused before it did anything, for a person; undefined if the error is another. */
export function redisRefusalOf(error: unknown): string | undefined {
  if (!(error instanceof ReplyError)) return undefined
  const { message } = error as Error
  const help = refusals[message.split(' ', 1)[0] ?? '']
  return help === undefined ? undefined : `${help} (${message.slice(0, 200)})`
}

export const isNoScript = (error: unknown): boolean =>
  error instanceof ReplyError && (error as Error).message.startsWith('NOSCRIPT')
