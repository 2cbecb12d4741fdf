import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { type KeptBroker, keptBroker } from '#contracts/brokers/broker-choice.ts'
import { type SidecarConfig, sidecarConfig } from '#contracts/protocols/agent.ts'

/** The file: what the control plane said last, and what decides whether its broker still counts at the next start. */
const keptConfig = sidecarConfig.extend({ start: keptBroker.shape.start, given: keptBroker.shape.given })

/** The newest configuration, also on disk: a sidecar that starts while the control plane is away can start its workers. */
export interface ConfigFile {
  current(): SidecarConfig | undefined
  /** The broker that was kept by an earlier process. */
  kept: KeptBroker | undefined
  /** Takes it; says whether what workers know of changed. An older revision of that never replaces a newer one. */
  take(config: SidecarConfig): boolean
}

export interface ConfigFileOptions {
  dataDir: string
  service: string
  /** Of this process: see `brokerAtStart`. */
  origin: Omit<KeptBroker, 'broker'>
  /** Called if the file cannot be read or written; the sidecar then lives by what the control plane sends. */
  onProblem: (problem: string, error: unknown) => void
}

export function openConfigFile({ dataDir, service, origin, onProblem }: ConfigFileOptions): ConfigFile {
  const path = join(dataDir, 'state', `${service}.config.json`)
  const kept = read(path, onProblem)
  let current: SidecarConfig | undefined = kept

  return {
    current: () => current,
    kept,
    take(config) {
      const isNew = current === undefined || config.worker.revision > current.worker.revision
      const before = JSON.stringify(current)
      current = isNew ? config : { ...config, worker: current?.worker ?? config.worker }
      if (JSON.stringify(current) === before) return false
      try {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(`${path}.new`, JSON.stringify({ ...current, ...origin }))
        renameSync(`${path}.new`, path)
      } catch (error) {
        onProblem(`the configuration could not be kept in ${path}`, error)
      }
      return isNew
    },
  }
}

function read(path: string, onProblem: ConfigFileOptions['onProblem']): z.infer<typeof keptConfig> | undefined {
  try {
    return keptConfig.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!missing) onProblem(`${path} cannot be read; it is written again with the next configuration`, error)
    return undefined
  }
}
