/** What an OTLP exporter is to the queue. `code` 0 means that the receiver has taken all of it. */
export interface BatchExporter<Item> {
  export(items: Item[], done: (result: { code: number; error?: Error }) => void): void
  shutdown(): Promise<void>
}

export interface ExportFigures {
  queued: number
  sent: number
  /** By why: the queue was full, the receiver refused them for good, or the process ended first. */
  dropped: { queue_full: number; rejected: number; shutdown: number }
  /** Why nothing is taken at the moment, for a person. */
  problem: string | undefined
}

/** Items on their way to a receiver that may be slow or away. */
export interface ExportQueue<Item> {
  /** Never waits and never throws. */
  push(item: Item): void
  figures(): ExportFigures
  /** Sends what it can within the time, drops the rest and counts it. */
  close(withinMs: number): Promise<void>
}

export interface ExportQueueOptions<Item> {
  exporter: BatchExporter<Item>
  /** Items that are kept while the receiver does not take them; the oldest go first. Default 4096. */
  maxItems?: number
  /** Default 512. */
  batchSize?: number
  /** How long an item may wait for others to share its batch, in milliseconds. Default 500. */
  gatherMs?: number
  /** The first pause after a failure; each further one is twice as long, up to 30 times the first. Default 500. */
  retryMs?: number
  /** The receiver stopped taking (a sentence) or takes again (undefined). */
  onTrouble?: (problem: string | undefined) => void
}

/**
 * IDLE → GATHERING → SENDING → (RETRYING → SENDING)* → IDLE; CLOSED at last. One batch is out at a time. A batch that the
 * receiver could not take is sent again until it is taken, while newer items push the oldest of the queue out; one that it refuses for good
 * (any 4xx but 408 and 429) is dropped, for it would be refused again.
 */
export function createExportQueue<Item>({
  exporter,
  maxItems = 4_096,
  batchSize = 512,
  gatherMs = 500,
  retryMs = 500,
  onTrouble = () => undefined,
}: ExportQueueOptions<Item>): ExportQueue<Item> {
  let waiting: Item[] = []
  let batch: Item[] = []
  let timer: NodeJS.Timeout | undefined
  let sending = false
  let closing = false
  let failures = 0
  let problem: string | undefined
  let sent = 0
  const dropped = { queue_full: 0, rejected: 0, shutdown: 0 }
  let whenEmpty: () => void = () => undefined

  function schedule(ms: number): void {
    timer ??= setTimeout(send, ms).unref()
  }

  function report(next: string | undefined): void {
    if ((next === undefined) === (problem === undefined)) {
      problem = next
      return
    }
    problem = next
    onTrouble(next)
  }

  function send(): void {
    clearTimeout(timer)
    timer = undefined
    if (sending) return
    if (batch.length === 0) batch = waiting.splice(0, batchSize)
    if (batch.length === 0) {
      whenEmpty()
      return
    }
    sending = true
    try {
      exporter.export(batch, ended)
    } catch (error) {
      ended({ code: 1, error: error instanceof Error ? error : new Error(String(error)) })
    }
  }

  function ended({ code, error }: { code: number; error?: Error }): void {
    sending = false
    if (code !== 0 && !isRefused(error)) {
      failures += 1
      report(`the receiver does not take them (${error?.message || error?.name || 'no reason given'})`)
      schedule(Math.min(retryMs * 2 ** (failures - 1), retryMs * 30))
      return
    }
    failures = 0
    if (code === 0) sent += batch.length
    else dropped.rejected += batch.length
    report(code === 0 ? undefined : `the receiver refused a batch (${error?.message ?? ''})`)
    batch = []
    if (waiting.length >= batchSize || closing) send()
    else if (waiting.length > 0) schedule(gatherMs)
    else whenEmpty()
  }

  return {
    push(item) {
      if (closing) {
        dropped.shutdown += 1
        return
      }
      waiting.push(item)
      if (waiting.length + batch.length > maxItems && waiting.length > 1) {
        waiting.shift()
        dropped.queue_full += 1
      }
      if (waiting.length >= batchSize && failures === 0 && !sending) send()
      else if (!sending) schedule(gatherMs)
    },
    figures: () => ({ queued: waiting.length + batch.length, sent, dropped: { ...dropped }, problem }),
    async close(withinMs) {
      closing = true
      if (waiting.length + batch.length > 0) {
        await new Promise<void>((resolve) => {
          const deadline = setTimeout(resolve, withinMs)
          whenEmpty = () => {
            clearTimeout(deadline)
            resolve()
          }
          send()
        })
      }
      clearTimeout(timer)
      whenEmpty = () => undefined
      dropped.shutdown += waiting.length + batch.length
      waiting = []
      // A batch that is still out may yet arrive; it is counted as dropped, for nobody will know.
      batch = []
      await Promise.race([exporter.shutdown(), new Promise((resolve) => setTimeout(resolve, 100).unref())])
    },
  }
}

/** Whether the receiver will never take the batch. */
function isRefused(error: Error | undefined): boolean {
  // A number is the HTTP status; what fails below HTTP has a name.
  if (!error || !('code' in error) || typeof error.code !== 'number') return false
  return error.code >= 400 && error.code < 500 && error.code !== 408 && error.code !== 429
}
