import type { ServiceStatus } from '#contracts/api/live.ts'
import type { LabDeclaration, ServiceDeclaration } from '#contracts/lab-declaration.ts'
import type { PartHealth } from '../engines/part-health.ts'
import type { CurrentLab } from '../lab/current-lab.ts'
import { serviceState } from './node-states.ts'

/** A part of the lab in `/readyz`. */
export interface ReadyPart {
  name: string
  ready: boolean
  /** Whether the lab is of no use without it. */
  required: boolean
  detail?: string | undefined
}

/**
 * What the lab consists of and what of it is missing. Required is what a publish and its effects need at least: the parts,
 * and one replica of each source. Any other service that is away is said and does not make the lab unready: its queue
 * holds what it is owed.
 */
export function readinessOf(state: {
  declaration: Pick<LabDeclaration, 'services'>
  parts: readonly PartHealth[]
  services: readonly ServiceStatus[]
  /** Whether stored event types and subscriptions were read. */
  stored: Pick<CurrentLab, 'loaded' | 'loadProblem'>
}): ReadyPart[] {
  const { declaration, parts } = state
  const [loaded, loadProblem] = [state.stored.loaded(), state.stored.loadProblem()]
  const reading =
    loadProblem === undefined ? 'the stored lab is being read' : `the stored lab cannot be read: ${loadProblem}`
  const services = new Map(state.services.map((service) => [service.name, service]))
  const worker = (name: string, required: boolean): ReadyPart => {
    const now = serviceState(services.get(name))
    const ready = now === 'up' || now === 'degraded'
    return { name, ready, required, ...(now === 'up' ? {} : { detail: `${name} is ${now}` }) }
  }
  return [
    ...parts.map(({ name, up, problem }) => ({
      name,
      ready: up && (name !== 'database' || loaded),
      required: true,
      detail: problem ?? (name === 'database' && !loaded ? reading : undefined),
    })),
    ...declaration.services.filter(isSource).map(({ name }) => worker(name, true)),
    ...declaration.services.filter((service) => !isSource(service)).map(({ name }) => worker(name, false)),
  ]
}

const isSource = ({ body }: ServiceDeclaration): boolean => body.kind === 'source'
