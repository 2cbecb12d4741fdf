import type { WorkerConfig } from '#contracts/protocols/worker.ts'

/** What a worker knows that can change while it runs. */
export interface LiveConfig {
  current(): WorkerConfig | undefined
  /** Resolves with the first configuration, at once if there is one. */
  first(): Promise<WorkerConfig>
  /** Called after every change, not for the one in effect already. */
  onChange(listener: (config: WorkerConfig) => void): void
  /** Takes a configuration unless a newer one is in effect. */
  take(config: WorkerConfig): void
}

export function createLiveConfig(): LiveConfig {
  const listeners: ((config: WorkerConfig) => void)[] = []
  let current: WorkerConfig | undefined
  let resolveFirst: (config: WorkerConfig) => void = () => undefined
  const first = new Promise<WorkerConfig>((resolve) => {
    resolveFirst = resolve
  })
  return {
    current: () => current,
    first: () => first,
    onChange: (listener) => {
      listeners.push(listener)
    },
    take(config) {
      if (current && config.revision <= current.revision) return
      current = config
      resolveFirst(config)
      for (const listener of listeners) listener(config)
    },
  }
}
