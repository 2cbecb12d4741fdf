import { isDeepStrictEqual } from 'node:util'
import { sidecarEnvironmentOf, workerEntryOf, workersOf } from '#contracts/lab.ts'
import type { LabDeclaration, ServiceDeclaration } from '#contracts/lab-declaration.ts'

/** What becomes of the process of a service, and of what it takes. */
export interface ServiceChanges {
  added: ServiceDeclaration[]
  removed: ServiceDeclaration[]
  /** Its process has to start again: its settings at the start have changed. */
  restarted: ServiceDeclaration[]
  /** Another number of replicas, and no other setting of its process. */
  scaled: ServiceDeclaration[]
  /** Services whose process keeps running. */
  kept: ServiceDeclaration[]
}

/** Services by what a change of the lab does to them. */
export function serviceChanges(before: LabDeclaration, after: LabDeclaration): ServiceChanges {
  const old = new Map(workersOf(before).map((worker) => [worker.name, worker]))
  const changes: ServiceChanges = { added: [], removed: [], restarted: [], scaled: [], kept: [] }
  for (const worker of workersOf(after)) {
    const service = after.services.find(({ name }) => name === worker.name) ?? worker
    const former = old.get(worker.name)
    if (former === undefined) changes.added.push(service)
    else if (!isDeepStrictEqual(environmentOf(former), environmentOf(worker))) changes.restarted.push(service)
    else if (former.replicas !== worker.replicas) changes.scaled.push(service)
    else changes.kept.push(service)
  }
  const left = new Set(after.services.map(({ name }) => name))
  changes.removed.push(...before.services.filter(({ name }) => !left.has(name)))
  return changes
}

/** The settings of its process at its start, except its number of replicas, which changes at any time. */
function environmentOf(worker: ReturnType<typeof workersOf>[number]): Record<string, string> {
  const { FAULTLINE_REPLICAS: _, ...environment } = sidecarEnvironmentOf(worker)
  return { ...environment, entry: workerEntryOf(worker) }
}
