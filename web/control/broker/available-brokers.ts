import { connect } from 'node:net'
import type { AvailableBroker } from '#contracts/api/lab-broker.ts'
import { type BrokerName, brokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import { addressingOf } from '#contracts/brokers/broker-settings.ts'
import type { HostPort } from '#contracts/host-port.ts'
import type { EngineStatus } from '#contracts/protocols/engine.ts'
import type { EngineClient } from '../engines/engine-client.ts'
import type { PartHealth } from '../engines/part-health.ts'

/** Where a broker answers: `url` of a simulator, or hosts of a cluster. Undefined: the environment names none. */
export type BrokerAddress = { url: string } | { hosts: HostPort[] } | undefined

export interface AvailableBrokers {
  /** Brokers with their state at the last look. */
  list(): AvailableBroker[]
  look(broker: BrokerName): Promise<AvailableBroker>
  /** The lab goes over to it: what was known of it, perhaps while it came up, says nothing once the lab has left it. */
  forget(broker: BrokerName): void
  stop(): void
}

export interface AvailableBrokersOptions {
  addressOf: (broker: BrokerName) => BrokerAddress
  engines: Pick<EngineClient, 'state' | 'request' | 'onChange'>
  /** The one that the lab runs on, whose health is watched anyway. */
  current: () => { name: BrokerName; health: PartHealth }
}

/** Between two looks at brokers that are not this lab's own, in milliseconds. */
const lookEveryMs = 5_000
const answerMs = 2_000

/**
 * Which brokers the lab could run on. Engines of this lab are known from the supervisor, and started when they are needed;
 * everything else is asked at its address.
 */
export function watchAvailableBrokers(options: AvailableBrokersOptions): AvailableBrokers {
  const { addressOf, engines, current } = options
  /** Of those that the lab did not run on when they were looked at. */
  const known = new Map<BrokerName, AvailableBroker>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const lookAt = async (name: BrokerName): Promise<AvailableBroker> => {
    const now = current()
    if (now.name === name) return ofHealth(name, now.health)
    const own = brokerOf(name).engines.flatMap((engine) => engines.state(engine) ?? [])
    const held = own.find(({ state }) => state === 'absent' || state === 'paused')
    if (held) return { name, ready: false, reason: whyNot(held) }
    if (own.some(({ state }) => state !== 'up'))
      return { name, ready: true, reason: 'it is started when you choose it' }
    const address = addressOf(name)
    if (!address) return { name, ready: false, reason: addressingOf(name).missing }
    const problem = await ('url' in address ? askSimulator(address.url) : reachOne(address.hosts))
    return problem === undefined ? { name, ready: true } : { name, ready: false, reason: problem }
  }
  const look = async (name: BrokerName): Promise<AvailableBroker> => {
    const found = await lookAt(name)
    if (current().name !== name) known.set(name, found)
    return found
  }
  /** Until it is looked at, an engine of this lab that runs can be chosen. */
  const running = (name: BrokerName): AvailableBroker | undefined => {
    const own = brokerOf(name).engines.map((engine) => engines.state(engine)?.state)
    return own.length > 0 && own.every((state) => state === 'up') ? { name, ready: true } : undefined
  }
  const round = async (): Promise<void> => {
    clearTimeout(timer)
    await Promise.all(brokerName.options.map(look))
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(round, lookEveryMs)
  }
  const endWatch = engines.onChange(() => void round())
  void round()

  return {
    list: () =>
      brokerName.options.map((name) => {
        const now = current()
        if (now.name === name) return ofHealth(name, now.health)
        return known.get(name) ?? running(name) ?? { name, ready: false, reason: 'it has not been looked at yet' }
      }),
    look,
    forget: (name) => void known.delete(name),
    stop() {
      stopped = true
      clearTimeout(timer)
      endWatch()
    },
  }
}

/** Starts the engines of a broker, one after the other, if they are this lab's own and do not run. */
export async function startEngines(
  engines: Pick<EngineClient, 'state' | 'request' | 'onChange'>,
  broker: BrokerName,
  onDetail: (detail: string) => void,
): Promise<void> {
  for (const engine of brokerOf(broker).engines) {
    const state = engines.state(engine)?.state
    if (state === undefined || state === 'up') continue
    const tell = (): void => onDetail(`starts ${engine}${detailOf(engines.state(engine))}`)
    tell()
    const endWatch = engines.onChange(tell)
    await engines.request('engine.start', engine).finally(endWatch)
  }
}

const detailOf = (status: EngineStatus | undefined): string =>
  status?.detail === undefined ? '' : `: ${status.detail}`

function ofHealth(name: BrokerName, { up, problem }: PartHealth): AvailableBroker {
  return { name, ready: up, ...(up ? {} : { reason: problem ?? 'it does not answer' }) }
}

function whyNot({ name, state, reason }: EngineStatus): string {
  if (state === 'paused') return `${name} is paused; resume it first`
  return reason ?? `${name} is not on this machine`
}

/** Why a simulator cannot be used, in its own words where it has some. */
async function askSimulator(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(new URL('/_faultline/health', url), { signal: AbortSignal.timeout(answerMs) })
    const body: unknown = await answer.json().catch(() => undefined)
    if (answer.ok) return undefined
    const { error } = Object(body)
    return typeof error === 'string' ? error : `${url} answers ${answer.status}`
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    return `${url} does not answer${cause?.code === undefined ? '' : ` (${cause.code})`}`
  }
}

/** Why none of the hosts can be reached; one is enough, the others are learnt from it. */
async function reachOne(hosts: readonly HostPort[]): Promise<string | undefined> {
  const problems = await Promise.all(hosts.map(reach))
  return problems.includes(undefined) ? undefined : problems.join('; ')
}

function reach({ host, port }: HostPort): Promise<string | undefined> {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (problem?: string): void => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(answerMs, () => end(`${address} does not answer within ${answerMs} ms`))
    socket.once('connect', () => end())
    socket.once('error', (error: NodeJS.ErrnoException) => end(`${address} cannot be reached (${error.code})`))
  })
}
