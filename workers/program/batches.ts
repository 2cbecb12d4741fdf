/**
 * Batches at a time and messages in each, such that exactly `requests` are in flight: the time of an attempt begins with its batch, so no
 * message of it may wait for another. As square as the number allows, since a batch is settled when its slowest message is done.
 */
export function batchesOf(requests: number): { concurrency: number; batchSize: number } {
  for (let batchSize = Math.floor(Math.sqrt(requests)); batchSize > 1; batchSize -= 1)
    if (requests % batchSize === 0) return { concurrency: requests / batchSize, batchSize }
  return { concurrency: requests, batchSize: 1 }
}
