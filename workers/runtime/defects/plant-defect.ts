import type { Logger } from 'pino'
import type { PlantedDefect } from '#contracts/defects.ts'
import type { Defect } from './defect.ts'
import { workerDefects } from './defect-list.ts'
import { openHarmLog } from './harm-log.ts'

const same = <Given>(given: Given): Given => given
const none: Required<Defect> = { broker: same, consumer: same, emitter: same, telemetry: same, epoch: same }

/** The wrappers of the defect that this worker was started with; wrappers that change nothing if it has none. */
export function plantDefect(options: {
  planted: PlantedDefect | undefined
  service: string
  instance: string
  now: () => number
  log: Logger
}): Required<Defect> {
  const { planted, service, instance, now, log } = options
  if (planted === undefined || planted.service !== service || planted.name === 'redrive-to-all') return none
  const { name, log: file } = planted
  log.warn(`has the planted defect ${name}`)
  return { ...none, ...workerDefects[name](openHarmLog({ file, instance, defect: name, now })) }
}
