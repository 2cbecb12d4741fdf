import { z } from 'zod'
import { labDeclaration } from '../lab-declaration.ts'

/** Answer of `GET /api/lab`: the lab that runs, and the text that declares it. */
export const labView = z.object({
  name: z.string(),
  /** Absolute path of the lab file. */
  file: z.string(),
  /** The text that the running lab was made of; the file's own, or what was applied since. */
  yaml: z.string(),
  /** Counts up with every change that is applied. */
  revision: z.int(),
  /** Whether `file` holds this text. `changed`: somebody wrote the file since. `unsaved`: this text was applied and not saved. */
  saved: z.enum(['saved', 'unsaved', 'changed', 'missing']),
  /** Why services cannot be started and stopped here; absent if they can. */
  fixed: z.string().optional(),
  declaration: labDeclaration,
})
export type LabView = z.infer<typeof labView>

/** Body of `PUT /api/lab`. */
export const labInput = z.strictObject({
  yaml: z.string().max(1024 * 1024),
  /** The revision that the text was made from. An older one is refused with what has changed since. */
  revision: z.int(),
})

/** Query of `PUT /api/lab`. */
export const labPutQuery = z.strictObject({
  /** `1`: only say what would be done. */
  dryRun: z.enum(['0', '1']).default('0'),
  /** `1`: remove services though messages of theirs are not settled; their queues stay. */
  force: z.enum(['0', '1']).default('0'),
})

export const labPlanLine = z.object({
  mark: z.enum(['+', '~', '-', '=']),
  what: z.enum(['service', 'queue', 'event', 'topic', 'flow', 'lab']),
  name: z.string(),
  /** In words: `2 replicas of python3 payment.py in ./payment`. */
  change: z.string(),
  /** What becomes of it: `started`, `made`, `stays up`, `stopped`. */
  onApply: z.string(),
})
export type LabPlanLine = z.infer<typeof labPlanLine>

/** A service that shall go, and what of it is not settled. */
export const labObstacle = z.object({
  service: z.string(),
  /** Messages that wait, are being handled or wait for another attempt. */
  unsettled: z.int(),
  /** Age of the oldest of them that the ledger knows, milliseconds; absent if it knows none. */
  oldestMs: z.number().optional(),
  /** Messages that it gave up and nobody sent back. */
  deadLetters: z.int(),
})
export type LabObstacle = z.infer<typeof labObstacle>

/** A message that is younger is on its way; an older one is stuck. Milliseconds. */
const movingMs = 5_000

/**
 * Whether a service that shall go holds what it will not settle by itself: dead letters, or messages that are stuck. What is on its way only
 * is settled before the service goes.
 */
export const isStuck = ({ deadLetters, oldestMs = 0 }: LabObstacle): boolean => deadLetters > 0 || oldestMs > movingMs

/** Answer of `PUT /api/lab`: what was done, or would be. */
export const labPlan = z.object({
  lines: z.array(labPlanLine),
  /** What services that go still hold. It is refused unless it is forced, where something of it is stuck or does not settle in time. */
  obstacles: z.array(labObstacle),
  applied: z.boolean(),
  /** Of the lab after it. */
  revision: z.int(),
  /** Services that were started and said why they could not be; the lab tries on. */
  failed: z.array(z.object({ service: z.string(), reason: z.string() })),
})
export type LabPlan = z.infer<typeof labPlan>

/** Body of `POST /api/lab/save`. */
export const labSaveInput = z.strictObject({ revision: z.int() })
