import type { ServiceStatus } from '#contracts/api/live.ts'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'

/** States of a replica that is where it shall be. One that a fault holds starts there when the fault ends. */
const settled = new Set<string>(['up', 'paused', 'killed'])
/** A replica that ended so often since it was started for a broker will not come up there by waiting. */
const hopelessRestarts = 3

/** The first reason why not all workers run on a broker, for a person; undefined if all do. */
export function missingOn(
  broker: BrokerName,
  services: readonly ServiceStatus[],
  counts: Record<string, number>,
): string | undefined {
  for (const [name, count] of Object.entries(counts)) {
    const service = services.find((one) => one.name === name)
    if (!service?.connected) return `waits for ${name}: its sidecar is not connected`
    const late = service.replicas.find((replica) => replica.broker !== broker || !settled.has(replica.state))
    if (late) {
      const where = late.broker === broker ? '' : ` on ${late.broker}`
      return `waits for ${late.instance}, which is ${late.state}${where}${late.detail ? ` (${late.detail})` : ''}`
    }
    if (service.replicas.length !== count) return `waits for ${name}: ${service.replicas.length} of ${count} replicas`
  }
  return undefined
}

/** Why workers will never come up on a broker; undefined while they may. */
export function hopelessOn(broker: BrokerName, services: readonly ServiceStatus[]): string | undefined {
  for (const { name, problem, replicas } of services) {
    if (problem !== undefined) return `${name} ${problem}`
    const broken = replicas.find((replica) => replica.broker === broker && replica.restarts >= hopelessRestarts)
    if (broken) return `${broken.instance} ended ${broken.restarts} times there: ${broken.detail ?? broken.state}`
  }
  return undefined
}

/** Why a publish could go to another broker than this one, or to none; undefined if it cannot. */
export function astrayFrom(
  broker: BrokerName,
  services: readonly ServiceStatus[],
  producers: readonly string[],
): string | undefined {
  for (const { replicas } of services) {
    const astray = replicas.find((replica) => replica.broker !== broker)
    if (astray) return `waits for ${astray.instance}, which is ${astray.state} on ${astray.broker}`
  }
  for (const name of producers) {
    const service = services.find((one) => one.name === name)
    if (!service?.connected) return `waits for ${name}: its sidecar is not connected`
    if (!service.replicas.some(({ state }) => settled.has(state))) return `waits for ${name}: no replica is up`
  }
  return undefined
}
