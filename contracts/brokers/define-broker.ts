import type { z } from 'zod'
import type { EngineName } from '../engine-name.ts'
import type { RetryMode } from './retry-mode.ts'

/** Where a broker answers, and how that is written in the environment. */
export interface BrokerAddressing<Settings> {
  /** The variable that names it. */
  readonly variable: string
  /**
   * `url`: one HTTP address, whose `/_faultline/health` says whether it can be used. `cluster`: `host:port`, several with commas
   * between; one that answers is enough, and it gives its clients further addresses.
   */
  readonly form: 'url' | 'cluster'
  /** What a person reads where the variable is missing. */
  readonly missing: string
  /** Port of a cluster's address that names none. Absent: an address must name its port. */
  readonly defaultPort?: number
  /** URLs that are used where the variable is missing. Absent: there are none, and it must be set. */
  readonly otherwise?: (settings: Settings) => readonly string[]
  /** The one that a lab runs by itself. Absent: it is always somebody else's. */
  readonly own?: {
    /** Name of the engine's port. */
    readonly port: string
    /** The variable's text for that port on this machine. */
    readonly at: (port: number) => string
    /** Variables that are about a broker of somebody else's and are not passed on where the lab runs its own. */
    readonly without?: readonly string[]
  }
}

/** Everything that is known of a broker outside its driver, in one value. */
export interface BrokerDefinition<
  Name extends string = string,
  Env extends z.ZodRawShape = z.ZodRawShape,
  Options extends object = object,
> {
  /** What `BROKER`, the API and the ledger call it. */
  readonly name: Name
  /** In menus and sentences: `Kafka`. */
  readonly label: string
  /** OpenTelemetry's `messaging.system`. */
  readonly system: string
  /** Engines that it consists of where the lab runs it, in the order of starting; the first keeps the messages. */
  readonly engines: readonly EngineName[]
  /** The modes that it has; the first is used where a policy names one that it lacks. */
  readonly retryModes: readonly [RetryMode, ...RetryMode[]]
  /** Whether messages lie in partitions, which members of a group divide among themselves, and keep their order there. */
  readonly partitioned: boolean
  /** Variables that say where it is and how to reach it, and how each is read. */
  readonly env: Env
  /** Variables that hold a PEM text or name a file with one; `options` is given the text. */
  readonly certificates?: readonly (keyof Env & string)[]
  readonly address: BrokerAddressing<z.output<z.ZodObject<Env>>>
  /** What its driver needs to reach it. Throws a sentence that names the variable where that cannot be. */
  readonly options: (settings: z.output<z.ZodObject<Env>>) => Options
  readonly words: {
    /** What it speaks: `SNS and SQS`. */
    readonly about: string
    /** What distinguishes it from similar brokers where `BROKER` is explained: `SNS/SQS in memory`. Absent: its label does. */
    readonly hint?: string
    /** Why it hands out a message again whose worker was silent for too long: `visibility timed out`. */
    readonly expired: string
    /** How a dead letter goes back to its group alone; `{group}` is its name. */
    readonly redrives: string
  }
}

/** Declares a broker. Throws if its address is named by a variable that it does not read. */
export function defineBroker<const Name extends string, Env extends z.ZodRawShape, Options extends object>(
  definition: BrokerDefinition<Name, Env, Options>,
): BrokerDefinition<Name, Env, Options> {
  const { name, env, address, certificates = [] } = definition
  for (const variable of [address.variable, ...certificates])
    if (!Object.hasOwn(env, variable)) throw new Error(`${name} names ${variable}, which is not in its env`)
  return definition
}
