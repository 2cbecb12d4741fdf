/**
 * Batches at a time and messages in each, such that at most `requests` are in flight: the time of an attempt begins with its batch, so no
 * message of it may wait for another. A queue gives messages one by one, and each is settled when it is done. Of a partition one
 * batch is in flight at a time: there batches are as square as the number allows, since one waits for its slowest message.
 */
export function batchesOf(requests: number, partitioned: boolean): { concurrency: number; batchSize: number } {
  for (let batchSize = partitioned ? Math.floor(Math.sqrt(requests)) : 1; batchSize > 1; batchSize -= 1)
    if (requests % batchSize === 0) return { concurrency: requests / batchSize, batchSize }
  return { concurrency: requests, batchSize: 1 }
}
