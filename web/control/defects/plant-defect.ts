import type { PlantedDefect } from '#contracts/defects.ts'
import type { Broker } from '#workers/broker/broker.ts'
import { redriveToAll } from './redrive-to-all.ts'

/** The broker as the control plane has it: with the defect that web was started with, in every other lab as it is. */
export function plantControlDefect(broker: Broker, planted: PlantedDefect | undefined): Broker {
  if (planted?.name !== 'redrive-to-all' || planted.service !== 'web') return broker
  return redriveToAll(broker, planted.log)
}

/** Nobody shall take the figures of such a lab for those of a right one. */
export const defectNotice = (planted: PlantedDefect | undefined): string[] =>
  planted === undefined
    ? []
    : [`this lab makes a mistake on purpose: ${planted.service} was started with the defect ${planted.name}`]
