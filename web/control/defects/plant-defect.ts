import type { PlantedDefect } from '#contracts/defects.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { redriveToAll } from './redrive-to-all.ts'

/** The broker as the control plane has it: with the defect that web was started with, in every other lab as it is. */
export function plantDefect(broker: Broker, planted: PlantedDefect | undefined): Broker {
  if (planted?.name !== 'redrive-to-all' || planted.service !== 'web') return broker
  return redriveToAll(broker, planted.log)
}
