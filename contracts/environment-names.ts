/** `$NAME`, as the shell writes a variable. */
const reference = /\$([A-Za-z_][A-Za-z0-9_]*)/g

/** A text in which variables were named, with what they represent. */
export interface Resolved {
  text: string
  /** Values that were put in: secrets, which are never shown. */
  values: string[]
  /** Variables that are not set. */
  missing: string[]
}

/** Puts the values of variables where a text names them as `$NAME`. */
export function resolveNames(text: string, env: Record<string, string | undefined>): Resolved {
  const values: string[] = []
  const missing: string[] = []
  const resolved = text.replace(reference, (_, name: string) => {
    const value = env[name]
    if (value === undefined || value === '') missing.push(name)
    else values.push(value)
    return value ?? ''
  })
  return { text: resolved, values, missing }
}
