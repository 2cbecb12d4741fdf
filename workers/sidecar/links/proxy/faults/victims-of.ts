import type { Direction } from '#contracts/faults/define-fault.ts'
import { isVictim } from '#contracts/faults/victims.ts'
import type { Stage } from '../direction.ts'
import { createLinkGate, type LinkGate } from '../gate.ts'
import type { FaultableConnection, LinkFault, Passage } from '../link-fault.ts'

/** Options of every fault of a link. */
export interface LinkFaultOptions {
  seed: number
  percent: number
  direction: Direction
}

/** A victim: `number` counts the connections of the link from 1 since the fault began, victims or not. */
export interface Victim {
  connection: FaultableConnection
  number: number
  /** Opens when the connection closes or the fault ends. */
  gate: LinkGate
}

/**
 * A fault whose victims are connections, drawn by their number. `stageOf` makes the stage of one direction of a victim;
 * `onEnd` is called with the victims that are still open when it ends, before their gates open.
 */
export function faultOnConnections(
  { seed, percent, direction }: LinkFaultOptions,
  stageOf: (victim: Victim, way: 'up' | 'down') => Stage | undefined,
  hooks: { onEnter?: (victim: Victim) => void; onEnd?: (victims: ReadonlySet<Victim>) => void } = {},
): LinkFault {
  const victims = new Set<Victim>()
  let entered = 0
  return {
    enter(connection): Passage | undefined {
      entered += 1
      if (!isVictim({ seed, percent }, `connection ${entered}`)) return undefined
      const victim: Victim = { connection, number: entered, gate: createLinkGate() }
      victims.add(victim)
      hooks.onEnter?.(victim)
      const up = direction === 'down' ? undefined : stageOf(victim, 'up')
      const down = direction === 'up' ? undefined : stageOf(victim, 'down')
      return {
        ...(up === undefined ? {} : { up }),
        ...(down === undefined ? {} : { down }),
        leave() {
          victims.delete(victim)
          victim.gate.open()
        },
      }
    },
    end() {
      hooks.onEnd?.(victims)
      for (const { gate } of victims) gate.open()
      victims.clear()
    },
  }
}
