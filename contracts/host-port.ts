/** Where something listens. An IPv6 address has no brackets here. */
export interface HostPort {
  host: string
  port: number
}

/** Reads `host:port`, an IPv6 address in brackets. Undefined if it is not one, or has no port and there is no `defaultPort`. */
export function parseHostPort(text: string, defaultPort?: number): HostPort | undefined {
  const found = /^(?:\[([\da-fA-F:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/.exec(text)
  if (!found) return undefined
  const [, inBrackets, plain = '', digits] = found
  const port = digits === undefined ? defaultPort : Number(digits)
  return port === undefined || port > 65_535 ? undefined : { host: inBrackets ?? plain, port }
}

/** Reads `host:port` texts with commas between. Throws a sentence that names `variable` where one of them is not an address. */
export function hostPortsOf(variable: string, text: string, defaultPort?: number): HostPort[] {
  const names = text.split(',').flatMap((name) => name.trim() || [])
  return names.map((name) => {
    const found = parseHostPort(name, defaultPort)
    if (!found) throw new Error(`${variable}: "${name}" is not host:port`)
    return found
  })
}

/** Whether only this machine can reach an address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
