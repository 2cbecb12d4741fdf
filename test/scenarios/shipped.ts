import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrokerName, brokerName } from '#contracts/brokers/broker-name.ts'
import { readScenario } from '#contracts/scenario/read-scenario.ts'

/** A scenario of `scenarios/`. */
export interface Shipped {
  name: string
  /** Name of the lab file in `labs/` that it needs; undefined: the built-in lab. */
  lab: string | undefined
  brokers: readonly BrokerName[]
}

/** Every shipped scenario, by name. Throws if a file is no scenario. */
export function shippedScenarios(folder = 'scenarios'): Shipped[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.sort().map((file) => {
    const { scenario } = readScenario(readFileSync(join(folder, file), 'utf8'))
    if (!scenario) throw new Error(`${file} is not a scenario: see \`npm run faultline -- validate\``)
    const { metadata, lab, broker } = scenario.file
    const named = [broker].flat()
    return {
      ...{ name: metadata.name, lab },
      brokers: brokerName.options.filter((one) => named.includes('any') || named.includes(one)),
    }
  })
}
