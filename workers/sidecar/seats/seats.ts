import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import type { HeldFault } from '#contracts/faults/held-fault.ts'
import type { HostedService, HostedStatus, ReplicaStatus, TelemetryFrame } from '#contracts/protocols/agent.ts'
import type { TelemetryRecord } from '#contracts/protocols/telemetry.ts'
import { type Seat, workerState } from '#contracts/protocols/worker.ts'
import type { CommandedProcess } from '../replicas/replica-options.ts'
import { shownAs } from '../replicas/shown-state.ts'
import type { PipeFrame } from '../telemetry/frame-reader.ts'
import { createSeatFaults } from './seat-faults.ts'

/** What shall run in the process. */
export interface SeatTarget {
  hosted: readonly HostedService[]
  /** Replicas wanted, by service. */
  replicas: Readonly<Record<string, number>>
}

/** The services that one process hosts, each with its replicas, which are seats in it. */
export interface Seats {
  /** Makes it so in the process that runs, and in those that follow. Resolves when what is not wanted any more has ended, and the rest was begun. */
  want(target: SeatTarget): Promise<void>
  /** A process began: all seats are opened in it. */
  started(process: CommandedProcess, broker: BrokerName): void
  /** It is gone, and all seats with it. */
  gone(how: string): void
  frame(frame: PipeFrame): void
  /** All faults that a service has to hold from now on. */
  holdFaults(service: string, faults: readonly HeldFault[]): void
  /** The service of a replica; undefined if it is not one of them. */
  serviceOf(instance: string): string | undefined
  all(): HostedStatus[]
  /** Those that changed since it was last asked, or since `forgetTold`. */
  takeChanged(): HostedStatus[]
  /** The receiver has forgotten everything. */
  forgetReported(): void
  stop(withinMs: number): Promise<void>
}

export interface SeatsOptions {
  /** The replica whose process it is, as it is now. */
  host: () => ReplicaStatus | undefined
  epochs: (instances: readonly string[], signal: AbortSignal) => Promise<number[]>
  onTelemetry: (frame: TelemetryFrame, broker: BrokerName) => void
  /** What the sidecar itself reports of them. */
  write: (records: TelemetryRecord[]) => void
  onChange: () => void
  onEvent: (level: 'info' | 'warn', message: string) => void
  /** Epoch milliseconds. */
  now: () => number
}

interface OpenSeat {
  given: Seat
  wanted: HostedService
  incarnation: string
  shown: Pick<ReplicaStatus, 'state' | 'since' | 'detail'>
}

interface Running {
  process: CommandedProcess
  broker: BrokerName
  ended: AbortController
}

/** So many seats are one command, and one frame of records. */
const together = 100

/**
 * Each seat: OPENING (its epoch is asked for) → STARTING → WAITING-FOR-BROKER ⇄ UP → STOPPING → gone, as the process reports; without a
 * process it is as the process's replica is. A process that ends takes all seats along, and the next one opens them again, under new epochs.
 */
export function createSeats(options: SeatsOptions): Seats {
  const { host, now, onChange } = options
  let target: SeatTarget = { hosted: [], replicas: {} }
  let running: Running | undefined
  let lastNumber = 0
  let dirty = false
  let settling: Promise<void> | undefined
  const byNumber = new Map<number, OpenSeat>()
  const byInstance = new Map<string, OpenSeat>()
  const changed = new Set<string>()
  let services = new Map<string, HostedService>()
  let serviceOfInstance = new Map<string, string>()
  const faults = createSeatFaults({
    replicas: (service) =>
      instancesOf(service).map((instance) => ({
        status: () => statusOf(instance),
        send: (command) => send(instance, command),
      })),
    onChange(service) {
      changed.add(service)
      onChange()
    },
    onEvent: options.onEvent,
  })

  const instancesOf = (service: string): string[] =>
    services.has(service)
      ? Array.from({ length: target.replicas[service] ?? 1 }, (_, index) => `${service}-${index + 1}`)
      : []

  async function send(
    instance: string,
    command: Parameters<CommandedProcess['send']>[0],
  ): ReturnType<CommandedProcess['send']> {
    const seat = byInstance.get(instance)
    if (seat !== undefined && running !== undefined) return running.process.send(command, seat.given.number)
    const message = `${instance} is not running (${statusOf(instance).state})`
    return { id: 0, ok: false, error: { type: 'WorkerUnavailable', message } }
  }

  function statusOf(instance: string): ReplicaStatus {
    const process = host()
    const common = {
      ...{ instance, pid: running?.process.pid ?? null, restarts: process?.restarts ?? 0 },
      broker: running?.broker ?? process?.broker ?? 'local',
    }
    const seat = byInstance.get(instance)
    if (seat !== undefined) return { ...common, ...seat.shown }
    const { state = 'starting', since = now(), detail, nextStartAt } = process ?? {}
    const why = detail === undefined ? {} : { detail: `the process that it shares: ${detail}` }
    const isUp = state === 'up' || state === 'waiting-for-broker'
    return {
      ...{ ...common, state: isUp ? 'starting' : state, since, ...why },
      ...(nextStartAt === undefined ? {} : { nextStartAt }),
    }
  }

  const hostedStatusOf = (service: string): HostedStatus => ({
    ...{ service, replicas: instancesOf(service).map(statusOf), faults: faults.status(service) },
  })

  function allChanged(): void {
    for (const service of services.keys()) changed.add(service)
    onChange()
  }

  function ended(seats: readonly OpenSeat[], how: string): void {
    for (let index = 0; index < seats.length; index += together) {
      options.write(
        seats.slice(index, index + together).map(({ given: { service, instance }, incarnation }) => ({
          ...{ kind: 'process.ended', at: now(), service, instance, incarnation, how },
        })),
      )
    }
    for (const { given } of seats) {
      byNumber.delete(given.number)
      byInstance.delete(given.instance)
      changed.add(given.service)
    }
    onChange()
  }

  const isWanted = ({ given, wanted }: OpenSeat): boolean => {
    const now = services.get(given.service)
    if (now === undefined || !instancesOf(given.service).includes(given.instance)) return false
    // Who sends what it takes may change while it runs: that only decides in which order it listens.
    return isDeepStrictEqual({ ...now, fromOutside: true }, { ...wanted, fromOutside: true })
  }

  async function close(process: Running): Promise<void> {
    const unwanted = [...byNumber.values()].filter((seat) => !isWanted(seat))
    if (unwanted.length === 0) return
    options.onEvent('info', `closes ${unwanted.length} of ${byNumber.size} replicas in its process`)
    await process.process.send({ kind: 'seats.close', seats: unwanted.map(({ given }) => given.number) })
    if (running === process) ended(unwanted, 'code 0')
  }

  async function open(process: Running): Promise<void> {
    const missing = [...services.values()].flatMap((wanted) =>
      instancesOf(wanted.name).flatMap((instance) => (byInstance.has(instance) ? [] : [{ wanted, instance }])),
    )
    if (missing.length === 0) return
    options.onEvent('info', `opens ${missing.length} replicas in its process`)
    const epochs = await options.epochs(
      missing.map(({ instance }) => instance),
      process.ended.signal,
    )
    const opening = missing.map(({ wanted, instance }, index): OpenSeat => {
      const { name: service, body, ...rest } = wanted
      lastNumber += 1
      const given = {
        ...{ number: lastNumber, service, instance, epoch: epochs[index] ?? 1, body: JSON.stringify(body) },
        ...rest,
      }
      return { given, wanted, incarnation: randomUUID(), shown: { state: 'starting', since: now() } }
    })
    for (const seat of opening) {
      byNumber.set(seat.given.number, seat)
      byInstance.set(seat.given.instance, seat)
      changed.add(seat.given.service)
    }
    for (let index = 0; index < opening.length; index += together) {
      const seats = opening.slice(index, index + together).map(({ given }) => given)
      void process.process.send({ kind: 'seats.open', seats })
    }
    for (const { given } of opening) {
      const held = faults.of(given.service, given.instance)
      if (held.length > 0) void process.process.send({ kind: 'faults', faults: held }, given.number)
    }
    onChange()
  }

  /** One change at a time; one that comes meanwhile is made when it is done. */
  function settle(): Promise<void> {
    dirty = true
    settling ??= (async () => {
      while (dirty) {
        dirty = false
        const process = running
        if (process === undefined) break
        await close(process)
        // Ended by the end of the process, whose successor begins again.
        await open(process).catch(() => undefined)
      }
    })().finally(() => {
      settling = undefined
    })
    return settling
  }

  return {
    want(next) {
      target = next
      services = new Map(next.hosted.map((service) => [service.name, service]))
      serviceOfInstance = new Map(
        [...services.keys()].flatMap((service) => instancesOf(service).map((instance) => [instance, service])),
      )
      faults.keep(new Set(services.keys()))
      allChanged()
      return settle()
    },
    started(process, broker) {
      running = { process, broker, ended: new AbortController() }
      allChanged()
      void settle()
    },
    gone(how) {
      running?.ended.abort()
      running = undefined
      ended([...byNumber.values()], how)
      allChanged()
    },
    frame({ kind, seat: number, seq, body }) {
      const seat = byNumber.get(number)
      // What a closed seat said last came before it was answered that it is closed.
      if (seat === undefined || running === undefined) return
      const { instance, service } = seat.given
      if (kind === 'telemetry') {
        options.onTelemetry({ source: instance, incarnation: seat.incarnation, seq, body }, running.broker)
        return
      }
      const { state, detail } = workerState.parse(JSON.parse(body.toString()))
      const name = shownAs[state]
      const since = name === seat.shown.state ? seat.shown.since : now()
      seat.shown = { state: name, since, ...(detail === undefined ? {} : { detail }) }
      changed.add(service)
      onChange()
    },
    holdFaults: faults.hold,
    // One that is being closed still says so.
    serviceOf: (instance) => serviceOfInstance.get(instance) ?? byInstance.get(instance)?.given.service,
    all: () => [...services.keys()].map(hostedStatusOf),
    takeChanged() {
      const statuses = [...changed].filter((service) => services.has(service)).map(hostedStatusOf)
      changed.clear()
      return statuses
    },
    forgetReported() {
      for (const service of services.keys()) changed.add(service)
    },
    stop: faults.stop,
  }
}
