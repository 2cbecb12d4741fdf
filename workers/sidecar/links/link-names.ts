import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

/**
 * A client may look a name up by itself and connect to the address, as nodemailer does. Listens to the answers for `hosts`, and
 * gives a function that says which of them an address was an answer for.
 */
export function listenToNames(hosts: ReadonlySet<string>): (address: string) => string | undefined {
  const names = new Map<string, string>()
  if (hosts.size === 0) return () => undefined

  /** An address, `{address}`, or a list of either. */
  function remember(host: string, answer: unknown): void {
    if (Array.isArray(answer)) for (const one of answer) remember(host, one)
    else if (typeof answer === 'string') names.set(answer, host)
    else if (typeof answer === 'object' && answer !== null && 'address' in answer) remember(host, answer.address)
  }

  /** With a callback at the end of the arguments, or a promise of the answer. */
  function listen(owner: object, method: string): void {
    const ask: unknown = Reflect.get(owner, method)
    if (typeof ask !== 'function') return
    Reflect.set(owner, method, function (this: unknown, ...args: unknown[]): unknown {
      const host = String(args[0]).toLowerCase()
      if (!hosts.has(host)) return Reflect.apply(ask, this, args)
      const callback = args.at(-1)
      if (typeof callback === 'function') {
        const hear = (error: unknown, answer: unknown, ...rest: unknown[]): void => {
          remember(host, answer)
          callback(error, answer, ...rest)
        }
        return Reflect.apply(ask, this, [...args.slice(0, -1), hear])
      }
      const answer: unknown = Reflect.apply(ask, this, args)
      if (!(answer instanceof Promise)) return answer
      return answer.then((found) => {
        remember(host, found)
        return found
      })
    })
  }

  for (const owner of [dns, dns.promises]) {
    for (const method of ['lookup', 'resolve4', 'resolve6']) listen(owner, method)
    for (const method of ['resolve4', 'resolve6']) listen(owner.Resolver.prototype, method)
  }
  // For `import { lookup } from 'node:dns'`.
  syncBuiltinESMExports()
  return (address) => names.get(address)
}
