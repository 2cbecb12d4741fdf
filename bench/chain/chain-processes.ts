import { readFileSync } from 'node:fs'
import { type BrokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import { type EngineName, engineName } from '#contracts/engine-name.ts'
import { type LabAddress, labProcesses } from '../processes/lab-processes.ts'
import { runningProcesses, treeOf } from '../processes/process-tree.ts'

const programName = 'program of payment'

/** Every process that the chain needs on a broker, by name: those of the lab, and the Python program below its worker. */
export async function chainProcesses(lab: LabAddress, broker: BrokerName): Promise<Record<string, number>> {
  const engines: readonly EngineName[] = [...brokerOf(broker).engines, 'postgres']
  const all = Object.entries(await labProcesses(lab)).filter(([name]) => {
    const engine = engineName.safeParse(name)
    return !engine.success || engines.includes(engine.data)
  })
  const worker = all.find(([name]) => name === 'payment-1')?.[1] ?? 0
  const program = treeOf(worker, runningProcesses()).find(({ pid }) => commandOf(pid).includes('payment.py'))
  return Object.fromEntries([...all, [programName, program?.pid ?? 0]])
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It ended while it was being looked at.
    return ''
  }
}
