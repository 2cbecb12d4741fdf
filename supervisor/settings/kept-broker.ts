import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keptBroker } from '#contracts/brokers/broker-choice.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'

/** The broker that the lab of a data folder last ran on; undefined if it is new. Throws one sentence. */
export function readKeptBroker(dataFolder: string): BrokerName | undefined {
  const path = join(dataFolder, 'state', 'broker.json')
  try {
    return keptBroker.parse(JSON.parse(readFileSync(path, 'utf8'))).broker
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Error(`${path} cannot be read: remove it, and the lab runs on \`local\` or on what BROKER says`)
  }
}
