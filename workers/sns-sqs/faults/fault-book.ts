import { randomInt } from 'node:crypto'
import type { SimulatorClock } from '../clock.ts'
import { chanceOf } from './chance.ts'
import { CopiedMessages } from './copied-messages.ts'
import { type FaultType, faultSettingsOf, type SimulatorFault } from './fault-types.ts'
import { LostLegs } from './lost-legs.ts'

/** Where a fault may meet something. */
export interface FaultPlace {
  queue?: string
  topic?: string
  action?: string
}

const maximumFaults = 50

/** The faults in force: INJECTED → HEALED, by request, after so many hits, or after its time. Each has a random source of its own. */
export class FaultBook {
  private readonly faults = new Map<string, { fault: SimulatorFault; chance: () => number }>()
  readonly copied = new CopiedMessages()
  readonly lost = new LostLegs()
  private readonly clock: SimulatorClock
  private nextId = 1

  constructor(clock: SimulatorClock) {
    this.clock = clock
  }

  /** Whether no fault is in force; what asks first costs nothing. */
  get none(): boolean {
    return this.faults.size === 0
  }

  /** Puts one in force, in the place of one of its id. Throws an Error whose text says what is wrong. */
  inject(value: unknown): SimulatorFault {
    const settings = faultSettingsOf(value, () => randomInt(4_294_967_296))
    const { id = `f${this.nextId++}` } = settings
    this.heal(() => false)
    if (!this.faults.has(id) && this.faults.size >= maximumFaults)
      throw new Error(`at most ${maximumFaults} faults are in force at a time`)
    const since = this.clock.now()
    const fault: SimulatorFault = { ...settings, id, since, until: since + settings.forMs, hits: 0 }
    this.faults.set(fault.id, { fault, chance: chanceOf(fault.seed) })
    return fault
  }

  list(): SimulatorFault[] {
    this.heal(() => false)
    return [...this.faults.values()].map(({ fault }) => ({ ...fault }))
  }

  /** Takes one out of force; false if it is not there. */
  healOne(id: string): boolean {
    return this.faults.delete(id)
  }

  healAll(): void {
    this.faults.clear()
  }

  /** The first fault of a type that strikes at this place, if any: it counts as a hit. */
  strike(type: FaultType, place: FaultPlace): SimulatorFault | undefined {
    const now = this.clock.now()
    for (const [id, { fault, chance }] of this.faults) {
      if (fault.until <= now) {
        this.faults.delete(id)
        continue
      }
      if (fault.type !== type || !fits(fault, place) || chance() * 100 >= fault.percent) continue
      fault.hits++
      if (fault.times !== undefined && fault.hits >= fault.times) this.faults.delete(id)
      return fault
    }
    return undefined
  }

  /** Those of a type that may strike at this place. Looking is no hit. */
  standing(type: FaultType, place: FaultPlace): SimulatorFault[] {
    return this.list().filter((fault) => fault.type === type && fits(fault, place))
  }

  /** A number from 0 to 1 of a fault's own source. */
  chanceOf(fault: SimulatorFault): number {
    return this.faults.get(fault.id)?.chance() ?? 0.5
  }

  private heal(too: (fault: SimulatorFault) => boolean): void {
    const now = this.clock.now()
    for (const [id, { fault }] of this.faults) if (fault.until <= now || too(fault)) this.faults.delete(id)
  }
}

const fits = (fault: SimulatorFault, place: FaultPlace): boolean =>
  matches(fault.queue, place.queue) && matches(fault.topic, place.topic) && matches(fault.action, place.action)

/** A name fits the ARN that ends in it. */
const matches = (wanted: string | undefined, found: string | undefined): boolean =>
  wanted === undefined || (found !== undefined && (found === wanted || found.endsWith(`:${wanted}`)))
