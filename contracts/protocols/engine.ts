import { z } from 'zod'
import { engineName } from '../engine-name.ts'
import { serviceDeclaration } from '../lab-declaration.ts'

/**
 * Between the supervisor and web: the IPC channel of the child process, JSON. Web says `engines.watch` once and is sent
 * `engines` then and at every change; its other messages are requests, each answered with `engine.answer`. Services are started and stopped by
 * the same channel, so that a lab can change while it runs.
 *
 * Without a supervisor, as in compose, there is no channel: engines are then somebody else's.
 */

/**
 * absent: it cannot be started on this machine; `reason` says what to do.
 * stopped: not running, and stays so until it is asked to start. starting: also while it comes back by itself after a
 * crash. up: it answered when it started. paused: its processes are stopped by a signal.
 */
export const engineState = z.enum(['absent', 'stopped', 'starting', 'up', 'paused'])

export const engineStatus = z.object({
  name: engineName,
  state: engineState,
  /** What it does now, for a person: `downloading 12 of 45 files`, `restart 2`. */
  detail: z.string().optional(),
  /** Why it is absent or stopped, with what to do about it. */
  reason: z.string().optional(),
})
export type EngineStatus = z.infer<typeof engineStatus>

export const engineRequestKind = z.enum([
  /** Starts it; done when it answers. Done at once if it is up already; a paused one must be resumed instead. */
  'engine.start',
  /** Stops it in order; it stays down. */
  'engine.stop',
  /** SIGSTOP to all its processes: its connections stay open and nothing answers. */
  'engine.pause',
  'engine.resume',
  /** SIGKILL to all its processes; it stays down. */
  'engine.kill',
])
export type EngineRequestKind = z.infer<typeof engineRequestKind>

/** web → supervisor. `id` is web's own and comes back in the answer. */
export const engineRequest = z.object({ id: z.int(), kind: engineRequestKind, engine: engineName })
export const serviceRequest = z.discriminatedUnion('kind', [
  /** Starts its sidecar as declared; one of that name that runs is stopped first. Done when the process of the sidecar runs. */
  z.object({
    id: z.int(),
    kind: z.literal('service.start'),
    service: serviceDeclaration,
    hopLimit: z.int(),
  }),
  /** Stops its sidecar in order, which lets its workers finish what they hold; it stays down. Done at once if none runs. */
  z.object({ id: z.int(), kind: z.literal('service.stop'), name: z.string() }),
])
export type ServiceRequest = z.infer<typeof serviceRequest>

export const webToSupervisor = z.discriminatedUnion('kind', [
  ...serviceRequest.options,
  z.object({ kind: z.literal('engines.watch') }),
  ...engineRequestKind.options.map((kind) => engineRequest.extend({ kind: z.literal(kind) })),
])
export type WebToSupervisor = z.infer<typeof webToSupervisor>

/** supervisor → web. */
export const supervisorToWeb = z.discriminatedUnion('kind', [
  /** All engines of this lab that it runs itself; one that was given by its address is not among them. */
  z.object({ kind: z.literal('engines'), engines: z.array(engineStatus) }),
  /** Done, or why not, in a sentence. */
  z.object({ kind: z.literal('engine.answer'), id: z.int(), ok: z.boolean(), error: z.string().optional() }),
])
export type SupervisorToWeb = z.infer<typeof supervisorToWeb>
