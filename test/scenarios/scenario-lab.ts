import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Run, run as runSchema } from '#contracts/api/run.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { startLab } from '../lab.ts'
import { until } from '../until.ts'

/** Longer than any shipped scenario takes with its drain and audit, in milliseconds. */
const runWithinMs = 600_000
const settledWithinMs = 60_000

/** A lab in which shipped scenarios are run one after the other. */
export interface ScenarioLab {
  /** Runs a shipped scenario to its end. Rejects if the lab refuses it, or if it does not end. */
  run(name: string): Promise<Run>
  /** Writes the journal of a run into a folder; its path. */
  keepJournal(run: Run, folder: string): Promise<string>
  stop(): Promise<void>
}

/** Starts a lab: the built-in one, or the one of `labs/` that is named; with a planted defect, `NAME` or `NAME@SERVICE`. */
export async function startScenarioLab(given: {
  broker: BrokerName
  lab?: string | undefined
  defect?: string
}): Promise<ScenarioLab> {
  const { broker, lab: name, defect } = given
  const lab = await startLab({
    BROKER: broker,
    ...(name === undefined ? {} : { FAULTLINE_LAB: join('labs', `${name}.yaml`) }),
    ...(defect === undefined ? {} : { FAULTLINE_DEFECT: defect, FAULTLINE_DEFECT_ALLOWED: '1' }),
  })
  const runs = `${lab.url}/api/scenarios/runs`
  return {
    async run(scenario) {
      const begun = await until(
        `the begin of ${scenario}`,
        async () => {
          const answer = await fetch(runs, {
            ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
            body: JSON.stringify({ name: scenario }),
          })
          if (answer.ok) return runSchema.parse(await answer.json())
          const text = await answer.text()
          // A lab that has just started, or has just ended a run, may still be busy with that.
          return answer.status === 409 || answer.status === 503 ? undefined : `${answer.status}: ${text}`
        },
        settledWithinMs,
      )
      if (typeof begun === 'string') throw new Error(`${scenario} was refused with ${begun}`)
      const { id } = begun
      return until(
        `the end of ${scenario}`,
        async () => {
          const now = runSchema.parse(await (await fetch(`${runs}/${id}`)).json())
          return now.state === 'ended' ? now : undefined
        },
        runWithinMs,
      )
    },
    async keepJournal({ id, name: scenario }, folder) {
      mkdirSync(folder, { recursive: true })
      const file = join(folder, `${scenario}-${broker}-${id}.jsonl`)
      writeFileSync(file, await (await fetch(`${runs}/${id}/journal`)).text())
      return file
    },
    async stop() {
      await lab.stop()
    },
  }
}
