const name = Symbol.for('faultline.own-ports')

/**
 * Ports of this machine at which a program that this worker started listens. What a worker says to its own program passes no link; the
 * preload of its sidecar, which is built apart from the worker, lets it through by this set.
 */
export function ownPorts(): Set<number> {
  const known: unknown = Reflect.get(globalThis, name)
  if (known instanceof Set) return known
  const ports = new Set<number>()
  Reflect.set(globalThis, name, ports)
  return ports
}
