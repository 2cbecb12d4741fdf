import type { Obligation } from '#contracts/api/journey.ts'

/**
 * When a group made its effect: the end of the attempt that made it, in epoch milliseconds. Undefined while none has. What is
 * settled with the broker afterwards has a later time, which is not the effect's.
 */
export function effectMadeAt({ attempts }: Pick<Obligation, 'attempts'>): number | undefined {
  const made = attempts.find(({ effect }) => effect && !effect.suppressed)
  return made?.handlingMs === undefined ? undefined : Date.parse(made.startedAt) + made.handlingMs
}
