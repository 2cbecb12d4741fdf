import type { Logger } from 'pino'
import type { LabObstacle, LabPlan } from '#contracts/api/lab.ts'
import { sharedIn, sharedProblem, sidecarOf } from '#contracts/lab.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { openSchemaCheck } from '#contracts/lab-file/schema-check.ts'
import { toMs } from './journeys/journey-record.ts'
import { initialLab } from './lab/declared-lab.ts'
import { createLabService } from './lab-changes/lab-service.ts'
import type { LabText } from './lab-changes/lab-text.ts'
import { watchLabFile } from './lab-changes/watch-lab-file.ts'
import type { Observatory } from './observatory.ts'
import type { openLab } from './open-lab.ts'
import { ApiProblem } from './problem/problem.ts'

interface Parts {
  text: LabText
  declared: Awaited<ReturnType<typeof openLab>>
  observatory: Observatory
  /** Why the lab takes nothing now; undefined if it does. */
  refusal: () => string | undefined
  onChanged: (plan: LabPlan) => void
  /** Whether other machines reach this API without a token. */
  isOpen: boolean
  log: Logger
}

/** A lab file names commands to run and files to read, which is more than an open network may ask for. */
const openToAll =
  'this port can be reached from other machines and asks for no token, and a lab file names commands to run: set FAULTLINE_TOKEN, or change the file and start the lab again'

/** Changing the lab while it runs, with the whole lab in its hands. */
export function openLabChanges({ text, declared, observatory, refusal, onChanged, isOpen, log }: Parts) {
  const { holder, looks, currentLab, broker, engines, replicaCounts } = declared
  const schemas = openSchemaCheck()
  const { agents } = observatory
  holder.onChange((next, before) => {
    const namesIn = ({ services }: typeof next) => services.flatMap((service) => [service.name, sidecarOf(service)])
    const left = new Set(namesIn(next))
    for (const name of new Set(namesIn(before))) if (!left.has(name)) agents.forget(name)
  })

  async function held(services: readonly string[]): Promise<LabObstacle[]> {
    if (services.length === 0) return []
    const { queues } = await broker.inspect().catch((error: unknown) => {
      throw new ApiProblem(
        'broker_down',
        `nothing was changed: ${error instanceof Error ? error.message : String(error)}`,
      )
    })
    const owed = new Map(observatory.unsettledOn(broker.name()).groups.map(({ group, messages }) => [group, messages]))
    return services.flatMap((service): LabObstacle[] => {
      const queue = queues.find(({ group }) => group === service)
      const inQueue = (queue?.visible ?? 0) + (queue?.inFlight ?? 0) + (queue?.delayed ?? 0)
      const unsettled = Math.max(inQueue, owed.get(service) ?? 0)
      const deadLetters = queue?.deadLetters ?? 0
      if (unsettled + deadLetters === 0) return []
      const oldest = observatory.traces.oldestOpen(service, broker.name())
      const oldestMs = oldest && Date.now() - toMs(oldest, oldest.attemptedUs)
      return [{ service, unsettled, deadLetters, ...(oldestMs === undefined ? {} : { oldestMs }) }]
    })
  }

  const labService = createLabService({
    ...{ text, declaration: holder.declaration, check: schemas.check, held, refusal, onChanged },
    builtIn: defaultLabFile(process.cwd()),
    impossible: (lab) =>
      sharedProblem(
        sharedIn(lab).reduce((sum, { replicas }) => sum + replicas, 0),
        broker.name(),
      ),
    closed: () => (isOpen ? openToAll : undefined),
    fixed: () =>
      engines.managed()
        ? undefined
        : 'the services of this lab are started by something else, such as Docker Compose: change them there. Events and flows can be changed here',
    hands: {
      versioned: looks.versioned,
      wire(lab) {
        const takeBack = looks.changing(lab.events)
        return currentLab.redeclare(initialLab(lab)).catch((error: unknown) => {
          takeBack()
          throw error
        })
      },
      async replace(lab) {
        holder.replace(lab)
        await looks
          .take(lab.events)
          .catch((error: unknown) => log.error({ err: error }, 'versions of events were not kept'))
      },
      forgetReplicas: replicaCounts.forget,
      start: (service, hopLimit) => engines.requestService({ kind: 'service.start', service, hopLimit }),
      stop: (name) => engines.requestService({ kind: 'service.stop', name }),
      configure: () => agents.configure(),
      async announced() {
        await looks
          .announced()
          .catch((error: unknown) => log.error({ err: error }, 'since when events look as they do was not kept'))
      },
      drop: broker.drop,
      unsettledTypes: () =>
        new Set(Object.entries(observatory.unsettledByType()).flatMap(([type, count]) => (count > 0 ? [type] : []))),
      topics: () => new Set(currentLab.lab().eventTypes.map(({ topic }) => topic)),
      warn: (message) => log.warn(message),
    },
  })
  const watch = watchLabFile(text, declared.events.add)
  return {
    labService,
    async close() {
      await watch.stop()
      await schemas.close()
    },
  }
}
