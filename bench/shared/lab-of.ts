import { stringify } from 'yaml'

/** Names of lanes; services are called after theirs, so that the graph groups them by it. */
const lanes = ['billing', 'catalog', 'delivery', 'fraud', 'loyalty', 'orders', 'payments', 'returns', 'search', 'stock']

/** Stages of a lane at most: below the hop limit of a lab. */
const stagesMax = 12

/**
 * A lab file of `count` services: a source whose one event starts every lane, and simulated services that share a process. Each lane is a
 * chain of stages, and each event of it fans out to all services of the next stage, of which the first sends on. So one event makes
 * `count - 1` deliveries.
 */
export function sharedLab(count: number): string {
  const simulated = count - 1
  const most = Math.max(1, Math.min(lanes.length, Math.floor(simulated / 25)))
  const used = lanes.slice(
    0,
    largest(most, (candidate) => simulated % candidate === 0),
  )
  const each = simulated / used.length - 1
  const stages = largest(stagesMax, (candidate) => each % candidate === 0 && each / candidate >= 3)
  if (stages === 0) throw new Error(`${count} services cannot be laid out evenly; 10, 100 and 1000 can`)
  const services: Record<string, unknown> = { shop: { sends: ['order_placed'] } }
  const work = { simulate: { work: { fixed: '5ms' } } }
  for (const lane of used) {
    const event = (stage: number): string => `${lane}_${String(stage).padStart(2, '0')}`
    services[`${lane}-entry`] = { receives: ['order_placed'], sends: [event(1)], ...work }
    for (let stage = 1; stage <= stages; stage += 1) {
      for (let place = 0; place < each / stages; place += 1) {
        const sends = place === 0 && stage < stages ? { sends: [event(stage + 1)] } : {}
        services[`${lane}-s${stage}-${String.fromCharCode(97 + place)}`] = {
          receives: [event(stage)],
          ...sends,
          ...work,
        }
      }
    }
  }
  const lab = {
    ...{ apiVersion: 'faultline/v1', kind: 'Lab', metadata: { name: `shared-${count}` }, processes: 'shared' },
    services,
  }
  // Read by people: no anchors.
  return stringify(lab, { aliasDuplicateObjects: false })
}

/** The largest number up to `most` that fits; 0 if none does. */
const largest = (most: number, fits: (candidate: number) => boolean): number =>
  Array.from({ length: most }, (_, index) => most - index).find(fits) ?? 0
