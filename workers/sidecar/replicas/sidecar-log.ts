import type { LogRecord } from '#contracts/protocols/telemetry.ts'
import { type LogExport, openLogExport } from '#monitoring/otlp/log-export.ts'
import type { Printer } from './printer.ts'
import { type LogEntry, readable } from './worker-log.ts'

/** Where every line of a sidecar and its workers goes: to the output, to the control plane as a record, and to Loki if there is one. */
export interface SidecarLog {
  /** A line of a replica, or of the sidecar itself. A line of a hosted service names its replica among its fields. */
  record(from: string, entry: LogEntry): void
}

export interface SidecarLogOptions {
  service: string
  /** Lines below this are dropped. */
  level: keyof typeof severity
  printer: Printer
  toControlPlane: (record: LogRecord) => void
  toLoki: ((line: Omit<LogRecord, 'kind'>) => void) | undefined
  /** The service of a replica that shares the process; undefined if it is not one. */
  hosted: (instance: string) => string | undefined
}

const severity = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: 100 }

/** Opens the one way of lines out of a sidecar. */
export function createSidecarLog({
  service,
  level,
  printer,
  toControlPlane,
  toLoki,
  hosted,
}: SidecarLogOptions): SidecarLog {
  return {
    record(from, given) {
      if (severity[given.level] < severity[level]) return
      const { instance: named, ...fields } = given.fields ?? {}
      const owner = typeof named === 'string' ? hosted(named) : undefined
      const instance = owner === undefined ? from : String(named)
      const entry = owner === undefined ? given : { ...given, fields }
      printer.print(readable(instance, entry))
      const line = { service: owner ?? service, instance, ...entry }
      toControlPlane({ kind: 'log', ...line })
      toLoki?.(line)
    },
  }
}

/** Where lines go over OTLP; undefined if there is no such address. Says when they do not arrive, and when they do again. */
export const openLokiExport = (
  lokiUrl: string | undefined,
  say: (level: 'info' | 'warn', message: string) => void,
): LogExport | undefined =>
  lokiUrl === undefined
    ? undefined
    : openLogExport({
        lokiUrl,
        onTrouble: (problem) =>
          problem === undefined
            ? say('info', `log lines are exported to ${lokiUrl} again`)
            : say('warn', `log lines are not exported to ${lokiUrl}: ${problem}`),
      })
