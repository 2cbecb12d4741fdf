/** The groups that the reader opened, as the address has them: `open=checkout-,payment-`. */
export const openGroups = {
  /** Of a parameter's value. */
  read: (text: string | undefined): Set<string> => new Set((text ?? '').split(',').filter((prefix) => prefix !== '')),
  /** The value with one more. */
  with: (...prefixes: string[]): string => write(new Set([...now(), ...prefixes])),
  /** The value without it. */
  without: (prefix: string): string => write(new Set([...now()].filter((one) => one !== prefix))),
}

const now = (): Set<string> => openGroups.read(new URLSearchParams(window.location.search).get('open') ?? undefined)

const write = (prefixes: ReadonlySet<string>): string => [...prefixes].join(',')
