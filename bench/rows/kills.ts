import { burstNow, messagesOf, startBurst } from '../../test/lab-client.ts'
import { until } from '../../test/until.ts'
import type { BenchContext } from '../context.ts'
import { labProcesses } from '../processes/lab-processes.ts'

/**
 * Kills each process in turn with SIGKILL while a burst of 500 msg/s runs, waits until nothing is unsettled, and asks the
 * effect store what is there. Accepted is what the broker acknowledged; each accepted message owes one row and one mail.
 */
export async function kills({ lab, witness }: BenchContext) {
  const table: { killed: string; accepted: number; indeterminate: number; missing: number; duplicateMails: number }[] =
    []
  for (const name of Object.keys(await labProcesses(lab))) {
    const id = await startBurst(lab.url, { type: 'order_placed', durationMs: 6_000, ratePerSecond: 500 })
    await until('a third of the burst', async () => (await burstNow(lab.url, id)).attempted > 1_000)
    const pid = (await labProcesses(lab))[name]
    if (!pid) throw new Error(`${name} is not running`)
    process.kill(pid, 'SIGKILL')
    await until('the end of the burst', async () => (await burstNow(lab.url, id)).state !== 'running', 120_000)
    const rows = await until(
      'all of it settled',
      async () => {
        const messages = await messagesOf(lab.url, id)
        const open = messages.some(
          (row) => row.publish === 'attempted' || (row.publish === 'acked' && row.settledInMs === undefined),
        )
        return open ? undefined : messages
      },
      180_000,
    )
    await until('a ready lab', async () => (await fetch(`${lab.url}/readyz`)).ok, 60_000)
    const accepted = rows.filter((row) => row.publish === 'acked').map((row) => row.id)
    const effects = await witness.effectsOf(accepted)
    table.push({
      killed: name,
      accepted: accepted.length,
      indeterminate: rows.filter((row) => row.publish === 'indeterminate').length,
      missing: effects.missingRows + effects.missingMails,
      duplicateMails: effects.duplicateMails,
    })
    console.log(JSON.stringify(table.at(-1)))
  }
  return { unit: 'messages', table }
}
