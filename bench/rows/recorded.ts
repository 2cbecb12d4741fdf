import { recording } from '#contracts/api/recording.ts'
import { run } from '#contracts/api/run.ts'
import { until } from '../../test/until.ts'
import type { BenchContext } from '../context.ts'
import { settledRound } from '../settled-round.ts'
import { interleaved } from '../statistics.ts'

/** It sends nothing and looks at everything that a shipped scenario looks at, for as long as the round lasts. */
const scenario = `
apiVersion: faultline/v1
kind: Scenario
metadata: { name: recorded, title: A run beside a burst }
phases: [{ name: open, duration: 1h }]
invariants: [at-least-once, conservation, "single-effect:consumer-db"]
assertions:
  - { id: lag-seen, at: once, metric: consumer.lag, op: ">", value: 1000000 }
  - { id: none-given-up, at: always, metric: consumer.dead_lettered, op: "==", value: 0 }
abortOn:
  - { id: lost, metric: ledger.lost_message, op: ">", value: 0 }
`

/** The whole pipe with a run under way, whose journal is written, and a recording of what is done by hand, against the same lab without. */
export async function recorded(context: BenchContext) {
  const { lab, repetitions, count } = context
  const post = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${lab.url}${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    })
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }
  const round = async (): Promise<number> => count / (await settledRound(context, count)).seconds
  const withRun = async (): Promise<number> => {
    const { id } = run.parse(await post('/api/scenarios/runs', { scenario }))
    const kept = recording.parse(await post('/api/recordings', {}))
    await until('the phase', async () => {
      const now = run.parse(await (await fetch(`${lab.url}/api/scenarios/runs/${id}`)).json())
      return now.phases[0]?.beganAt !== undefined
    })
    const rate = await round()
    const { bursts } = recording.parse(await post(`/api/recordings/${kept.id}/stop`, {}))
    const ended = run.parse(await post(`/api/scenarios/runs/${id}/stop`, {}))
    if (bursts !== 1 || ended.reasons[0] !== 'the run was stopped')
      throw new Error(`void: ${bursts} bursts recorded; ${ended.reasons.join('; ')}`)
    return rate
  }
  const { first, second, ratio } = await interleaved(repetitions, withRun, round)
  return {
    unit: 'msg/s until both effects are in place, local broker',
    ...{ 'with a run and a recording': first, 'without them': second, ratio, count },
  }
}
