import { orderPlaced } from '#contracts/events/order-placed.ts'
import { orderLetter } from '#workers/consumer-email/handlers/order-placed.ts'
import { createMailer } from '#workers/consumer-email/mailer.ts'
import { startLineProcess } from '../line-process.ts'
import { rawClient } from '../simulator/raw-client.ts'
import { startBothStores } from '../simulator/start.ts'
import { interleaved } from '../statistics.ts'
import { compared, inFlight, type StoresOptions } from './stores.ts'

const startProxy = (upstream: string) => startLineProcess('bench/simulator/proxy.ts', { BENCH_UPSTREAM: upstream })

/** A sidecar's link proxy, which is a process of its own, against the same without it: the simulator's memory store, and mail. */
export async function link(options: StoresOptions) {
  return { ...(await throughHttp(options)), mail: await throughSmtp(options) }
}

async function throughHttp({ repetitions, count, appendfsync }: StoresOptions) {
  const both = await startBothStores(appendfsync)
  const proxy = await startProxy(both.memory)
  const through = rawClient(`http://127.0.0.1:${proxy.port}`, inFlight)
  const direct = rawClient(both.memory, inFlight)
  try {
    return await compared({ through, direct }, repetitions, count)
  } finally {
    for (const client of [through, direct]) client.close()
    await proxy.stop()
    await both.stop()
  }
}

/** consumer-email's mails to the lab's mailbox, which counts them and keeps none. */
async function throughSmtp({ repetitions, count }: StoresOptions) {
  const server = await startLineProcess('bench/smtp/server.ts')
  const proxy = await startProxy(`smtp://127.0.0.1:${server.port}`)
  const [through, direct] = [proxy.port, server.port].map((port) => createMailer(`smtp://127.0.0.1:${port}`))
  if (through === undefined || direct === undefined) throw new Error('two mailers are needed')
  const letter = orderLetter(orderPlaced.example)
  let sent = 0
  const rateOf = async (mailer: typeof through): Promise<number> => {
    const began = performance.now()
    const ids = Array.from({ length: count }, () => `bench-1:1:orders:${++sent}`)
    await Promise.all(ids.map((id) => mailer.send({ id, type: orderPlaced.name, attempt: 1 }, letter)))
    return count / ((performance.now() - began) / 1_000)
  }
  const rates = await interleaved(
    repetitions,
    () => rateOf(through),
    () => rateOf(direct),
  )
  for (const mailer of [through, direct]) mailer.close()
  await proxy.stop()
  const taken = Number(await server.stop())
  if (taken !== sent) throw new Error(`void: the mailbox took ${taken} of ${sent} mails`)
  return { through: rates.first, direct: rates.second, ratio: rates.ratio }
}
