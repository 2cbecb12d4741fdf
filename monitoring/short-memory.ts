/** Values by key, the newest `max` of them. */
export interface ShortMemory<Value> {
  set(key: string, value: Value): void
  get(key: string): Value | undefined
  /** Gives it and forgets it. */
  take(key: string): Value | undefined
}

export function createShortMemory<Value>(max: number): ShortMemory<Value> {
  const values = new Map<string, Value>()
  return {
    set(key, value) {
      values.set(key, value)
      if (values.size <= max) return
      const [oldest] = values.keys()
      if (oldest !== undefined) values.delete(oldest)
    },
    get: (key) => values.get(key),
    take(key) {
      const value = values.get(key)
      values.delete(key)
      return value
    },
  }
}
