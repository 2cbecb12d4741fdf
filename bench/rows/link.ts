import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { rawClient } from '../simulator/raw-client.ts'
import { startBothStores } from '../simulator/start.ts'
import { compared, inFlight, type StoresOptions } from './stores.ts'

/** The simulator's memory store through a sidecar's link proxy, which is a process of its own, against the same without it. */
export async function link({ repetitions, count, appendfsync }: StoresOptions) {
  const both = await startBothStores(appendfsync)
  const proxy = spawn(process.execPath, ['--import', 'tsx', 'bench/simulator/proxy.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, BENCH_UPSTREAM: both.memory },
  })
  const ended = once(proxy, 'exit')
  const { value: port } = await createInterface({ input: proxy.stdout })[Symbol.asyncIterator]().next()
  const [through, direct] = [rawClient(`http://127.0.0.1:${port}`, inFlight), rawClient(both.memory, inFlight)]
  try {
    return await compared({ through, direct }, repetitions, count)
  } finally {
    for (const client of [through, direct]) client.close()
    proxy.stdin.end()
    await ended
    await both.stop()
  }
}
