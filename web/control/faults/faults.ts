import { type Fault, type FaultCatalogueItem, type FaultInput, neverSeen } from '#contracts/faults/fault.ts'
import { definitionOf } from '#contracts/faults/fault-list.ts'
import type { HeldFault, HeldFaultStatus } from '#contracts/faults/held-fault.ts'
import type { FaultObservedRecord } from '#contracts/protocols/telemetry.ts'
import { ApiProblem } from '../problem/problem.ts'
import { aimsAtBroker } from './broker-power.ts'
import { catalogueItems } from './catalogue-items.ts'
import { faultEntry } from './fault-entry.ts'
import { type Party, progressOf } from './fault-progress.ts'
import type { KeptFault } from './fault-store.ts'
import type { FaultsOptions } from './faults-options.ts'
import { ordersOf } from './held-faults.ts'
import { makeFault } from './make-fault.ts'
import { createPowerWork } from './power-work.ts'
import { createSidecarOrders } from './sidecar-orders.ts'
import { createSimulatorWork, simulatedOf } from './simulator-work.ts'
import { takesBroken } from './takes-broken.ts'
import { createWaiters } from './waiters.ts'

/**
 * The faults of the lab. Each goes scheduled → injecting → active → healing → healed, or to failed. What a sidecar has to
 * hold follows from them alone, so a control plane or sidecar that was restarted agrees again by itself. What was answered
 * is on disk: a control plane that is killed right after has lost neither a fault nor a heal.
 */
export interface Faults {
  /** Resolves when it is in place, seen or not, or after a second. Throws `invalid_fault`, `fault_not_possible`, `fault_conflict`. */
  inject(input: FaultInput): Promise<Fault>
  /** Resolves when it is healed, or after a few seconds with what it waits for. One that is over is answered as it is. */
  heal(id: string): Promise<Fault>
  /** Heals all in effect and cancels all that are scheduled; resolves like `heal`, with those. */
  healAll(): Promise<Fault[]>
  get(id: string): Fault
  /** Newest first. */
  list(): Fault[]
  /** Those in effect or scheduled, and those that ended within the last `withinMs`; newest first. */
  recent(withinMs: number): Fault[]
  catalogue(): FaultCatalogueItem[]
  heldBy(service: string): HeldFault[]
  takeConnected(service: string, isConnected: boolean): void
  takeStatus(service: string, statuses: HeldFaultStatus[]): void
  takeObserved(record: FaultObservedRecord): void
  close(): Promise<void>
}

const keptMax = 500
const messagesMax = 20
const tickMs = 50
/** A sidecar ends a fault by itself; this much later the control plane ends it too. */
const lateMs = 500
/** A fault that is shorter than its way to a busy sidecar gets so much longer to arrive; the sidecar then ends it at once. */
const arrivalMs = 5_000
const injectWaitMs = 1_000
/** The supervisor stops a broker in order, which takes longer. */
const powerWaitMs = 8_000
const healWaitMs = 8_000
const isOver = ({ state }: Fault): boolean => state === 'healed' || state === 'failed'

export async function openFaults(options: FaultsOptions): Promise<Faults> {
  const { store, events, targets, power, simulator, log, now = Date.now } = options
  /** Oldest first. */
  const kept = new Map<string, KeptFault>((await store.load()).map((entry) => [entry.fault.id, entry]))
  const waiters = createWaiters()
  /** Which orders tell a sidecar that it may let go of a fault; if none are known, any will do. */
  const goneSince = new Map<string, Map<string, number>>()

  const iso = (at: number = now()): string => new Date(at).toISOString()
  const standing = (): KeptFault[] => [...kept.values()].filter(({ fault }) => !isOver(fault))
  const endsAtOf = ({ endsAt }: Fault): number => (endsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(endsAt))

  /** Begun by this process: they must arrive at least once. */
  const begun = new Set<string>()
  const isLate = (fault: Fault): boolean => {
    const arrived =
      !begun.has(fault.id) ||
      fault.services.every((service) => orders.of(service).statuses.some(({ id }) => id === fault.id))
    return endsAtOf(fault) + (arrived ? lateMs : arrivalMs) <= now()
  }

  const heldBy = (service: string): HeldFault[] =>
    standing().flatMap(({ fault, byLinks }) => {
      const holds = fault.state === 'injecting' || fault.state === 'active'
      if (!holds || isLate(fault)) return []
      const endsAt = fault.endsAt === undefined ? undefined : Date.parse(fault.endsAt)
      return ordersOf(fault, targets(), endsAt, byLinks)[service] ?? []
    })
  const orders = createSidecarOrders({
    heldBy,
    push: options.push,
    onRefused: (service, reason) => log.error({ service }, `the sidecar of ${service} refused its faults: ${reason}`),
  })

  function change(entry: KeptFault, next: Partial<Fault>): void {
    const before = entry.fault
    entry.fault = { ...before, ...next }
    const { fault } = entry
    if (fault.state !== before.state) {
      if (isOver(fault) && fault.reason?.startsWith('waits for')) delete fault.reason
      if (fault.state === 'healed' && fault.injectedAt !== undefined && fault.observedAt === undefined)
        fault.reason = neverSeen
      events.add(faultEntry(fault))
      // A fault that is being healed is on nobody's list any more.
      if (before.state !== 'healing') {
        goneSince.set(fault.id, new Map(fault.services.map((service) => [service, orders.changed(service)])))
      }
      if (isOver(fault)) {
        goneSince.delete(fault.id)
        begun.delete(fault.id)
      }
    }
    store.save([...kept.values()])
    waiters.wake()
  }

  function forgetOld(): void {
    const over = [...kept.values()].filter(({ fault }) => isOver(fault))
    for (const { fault } of over.slice(0, Math.max(0, over.length - keptMax))) kept.delete(fault.id)
  }

  function begin(entry: KeptFault): void {
    const at = now()
    const { fault } = entry
    begun.add(fault.id)
    const endsAt = fault.durationMs === undefined ? {} : { endsAt: iso(at + fault.durationMs) }
    // What it concerns may have changed since it was scheduled.
    const services = Object.keys(ordersOf(fault, targets(), undefined, entry.byLinks))
    change(entry, { state: 'injecting', injectedAt: iso(at), ...endsAt, services })
  }

  function partiesOf({ fault }: KeptFault): Party[] {
    return fault.services.map((service) => {
      const { heard, statuses } = orders.of(service)
      const upToDate = heard >= (goneSince.get(fault.id)?.get(service) ?? 1)
      return { service, upToDate, status: statuses.find(({ id }) => id === fault.id) }
    })
  }

  function end(entry: KeptFault): void {
    const { state } = entry.fault
    if (state === 'scheduled') change(entry, { state: 'healed', healedAt: iso(), reason: 'cancelled before it began' })
    else if (state === 'injecting' || state === 'active') change(entry, { state: 'healing', healingAt: iso() })
  }

  function follow(entry: KeptFault): void {
    const { fault } = entry
    if (fault.state === 'scheduled') {
      if (Date.parse(fault.startAt) <= now()) begin(entry)
      return
    }
    const simulated = simulatedOf(fault.type) !== undefined
    if (simulated || (aimsAtBroker(fault) && !entry.byLinks)) {
      // The time of a broker counts from its stop.
      const mayEnd = simulated || fault.state === 'active' || !begun.has(fault.id)
      if (mayEnd && endsAtOf(fault) <= now()) end(entry)
      if (simulated) simulate(entry)
      else work(entry)
      return
    }
    const next = progressOf(fault, partiesOf(entry))
    const lastHit = definitionOf(fault.type)?.endsAfterHits
    const spent = lastHit !== undefined && fault.hits >= Number(fault.params[lastHit]) && fault.state === 'active'
    if (fault.state !== 'healing' && (spent || isLate(fault)) && next.state !== 'healed' && next.state !== 'failed')
      change(entry, { ...next, state: 'healing', healingAt: iso() })
    else if (next.state === 'healed') change(entry, { ...next, healedAt: iso(), healingAt: fault.healingAt ?? iso() })
    else if (Object.entries(next).some(([key, value]) => fault[key as keyof Fault] !== value)) change(entry, next)
    const hits = hitsOf(entry)
    if (hits !== entry.fault.hits) change(entry, { hits })
  }

  /** Hits that sidecars count themselves, and those that workers reported. */
  function hitsOf(entry: KeptFault): number {
    for (const { service, status } of partiesOf(entry)) {
      if (status && status.hits > 0) entry.hitsBy[service] = Math.max(status.hits, entry.hitsBy[service] ?? 0)
    }
    return Object.values(entry.hitsBy).reduce((sum, hits) => sum + hits, 0)
  }

  const work = createPowerWork(power, change, now)
  const simulate = createSimulatorWork(simulator, change, now)

  function tick(): void {
    for (const entry of standing()) {
      try {
        follow(entry)
      } catch (error) {
        log.error({ err: error, fault: entry.fault.id }, 'a fault could not be followed')
      }
    }
  }
  const timer = setInterval(tick, tickMs).unref()

  const inPlace = (entry: KeptFault): boolean => {
    if (entry.fault.state !== 'injecting' || simulate.inPlace(entry.fault.id)) return true
    const parties = partiesOf(entry)
    return parties.length > 0 && parties.every(({ status }) => status !== undefined && status.state !== 'injecting')
  }
  const found = (id: string): KeptFault => {
    const entry = kept.get(id)
    if (!entry)
      throw new ApiProblem(
        'unknown_fault',
        `there is no fault "${id.slice(0, 100)}"; GET /api/faults lists those that are known`,
      )
    return entry
  }

  return {
    async inject(input) {
      const isTaken = await takesBroken(input, targets(), options.accepts, now())
      const entry = makeFault(input, {
        targets: targets(),
        now: now(),
        accepts: () => isTaken,
        canPower: power.able,
        canSimulate: simulator.able,
        standing: standing(),
      })
      const { fault, byLinks } = entry
      const startAt = Date.parse(fault.startAt)
      kept.set(fault.id, entry)
      forgetOld()
      store.save([...kept.values()])
      if (startAt > now()) events.add(faultEntry(fault))
      tick()
      await waiters.until(() => inPlace(entry), aimsAtBroker(fault) && !byLinks ? powerWaitMs : injectWaitMs)
      await store.flush()
      return entry.fault
    },
    async heal(id) {
      const entry = found(id)
      end(entry)
      tick()
      await waiters.until(() => isOver(entry.fault), healWaitMs)
      await store.flush()
      return entry.fault
    },
    async healAll() {
      const all = standing()
      all.forEach(end)
      if (all.length > 0) {
        const message = all.length === 1 ? 'heals the one fault there is' : `heals all ${all.length} faults`
        events.add({ kind: 'fault', level: 'info', message })
      }
      // Also faults that only a sidecar knows of: each is sent an empty list.
      for (const { name } of targets().services) orders.changed(name)
      tick()
      await waiters.until(() => all.every(({ fault }) => isOver(fault)), healWaitMs)
      await store.flush()
      return all.map(({ fault }) => fault).reverse()
    },
    get: (id) => found(id).fault,
    list: () => [...kept.values()].map(({ fault }) => fault).reverse(),
    recent(withinMs) {
      const since = iso(now() - withinMs)
      return [...kept.values()]
        .map(({ fault }) => fault)
        .filter((fault) => !isOver(fault) || (fault.healedAt ?? fault.createdAt) >= since)
        .reverse()
    },
    catalogue: () => catalogueItems(targets()),
    heldBy,
    takeConnected(service, isConnected) {
      orders.connected(service, isConnected)
    },
    takeStatus(service, statuses) {
      orders.takeStatus(service, statuses)
      tick()
      // It may be in place by now, which changes nothing that is shown.
      waiters.wake()
    },
    takeObserved({ fault: id, instance, hits, messages, at }) {
      const entry = kept.get(id)
      if (!entry) return
      const { fault } = entry
      entry.hitsBy[instance] = Math.max(hits, entry.hitsBy[instance] ?? 0)
      change(entry, {
        hits: hitsOf(entry),
        messages: [...new Set([...fault.messages, ...messages])].slice(0, messagesMax),
        ...(fault.observedAt === undefined ? { observedAt: iso(at) } : {}),
        ...(fault.state === 'injecting' ? { state: 'active' } : {}),
        ...(isOver(fault) && fault.observedAt === undefined ? { reason: undefined } : {}),
      })
    },
    async close() {
      clearInterval(timer)
      waiters.close()
      await store.flush()
    },
  }
}
