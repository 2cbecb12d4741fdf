import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type WorkerConfig, workerConfig } from '#contracts/worker-protocol.ts'

/** The newest configuration, also on disk: a sidecar that starts while the control plane is away can start its workers. */
export interface ConfigFile {
  current(): WorkerConfig | undefined
  /** Takes it unless a newer one stands; says whether it did. */
  take(config: WorkerConfig): boolean
}

/** `onProblem` is told where the file cannot be read or written; the sidecar then lives by what the control plane sends. */
export function openConfigFile(
  dataDir: string,
  service: string,
  onProblem: (problem: string, error: unknown) => void,
): ConfigFile {
  const path = join(dataDir, 'state', `${service}.config.json`)
  let current = read(path, onProblem)

  return {
    current: () => current,
    take(config) {
      if (current && config.revision <= current.revision) return false
      current = config
      try {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(`${path}.new`, JSON.stringify(config))
        renameSync(`${path}.new`, path)
      } catch (error) {
        onProblem(`the configuration could not be kept in ${path}`, error)
      }
      return true
    },
  }
}

function read(path: string, onProblem: (problem: string, error: unknown) => void): WorkerConfig | undefined {
  try {
    return workerConfig.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!missing) onProblem(`${path} cannot be read; it is written anew with the next configuration`, error)
    return undefined
  }
}
