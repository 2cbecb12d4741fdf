/** What matters of a Redis server, from its INFO. */
export interface ServerInfo {
  version: string
  major: number
  /** New at each start of the server. */
  runId: string
  appendOnly: boolean
  /** What is removed when the memory is full. */
  evictionPolicy: string
}

export function serverOf(info: string): ServerInfo {
  const fields = new Map(
    info.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1)]
    }),
  )
  const version = fields.get('redis_version') ?? '0'
  return {
    version,
    major: Number.parseInt(version, 10),
    runId: fields.get('run_id') ?? '',
    appendOnly: fields.get('aof_enabled') === '1',
    evictionPolicy: fields.get('maxmemory_policy') ?? 'noeviction',
  }
}

/** What a person should know about how the server is set, in sentences. `appendfsync` is empty if it could not be read. */
export function serverNotices(address: string, server: ServerInfo, appendfsync: string): string[] {
  const notices: string[] = []
  if (!server.appendOnly) {
    notices.push(`redis at ${address} keeps no append-only file: queues do not survive its restart (appendonly yes)`)
  } else if (appendfsync === 'everysec') {
    notices.push(
      `redis at ${address} has appendfsync everysec: its kill may lose up to two seconds that were acknowledged (appendfsync always)`,
    )
  }
  if (server.evictionPolicy !== 'noeviction') {
    notices.push(
      `redis at ${address} has maxmemory-policy ${server.evictionPolicy}: it may remove queues when its memory is full (noeviction)`,
    )
  }
  return notices
}
