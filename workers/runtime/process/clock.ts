/** A jump of the wall clock (a correction, a suspended machine) beyond this is followed; below it time only runs forward. */
const toleratedMs = 20

let origin = performance.timeOrigin

/** Epoch milliseconds with a fraction, fine enough to tell the steps of one message apart. */
export function now(): number {
  const elapsed = performance.now()
  const wall = Date.now()
  if (Math.abs(origin + elapsed - wall) > toleratedMs) origin = wall - elapsed
  return origin + elapsed
}
