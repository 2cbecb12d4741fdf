import { resolveNames } from '#contracts/environment-names.ts'
import type { ProxiedAddress } from '../env.ts'
import { addressesThrough } from './addresses.ts'
import { programMarkVariable } from './watchdog.ts'

/** Where a program reports its own spans and log lines over OTLP, and the token by which it is known there. */
export interface ReportTarget {
  url: string
  token: string
}

export interface ProgramEnvironmentOptions {
  /** Of this worker. */
  own: Record<string, string | undefined>
  /** What the lab file gives the program; `$NAME` in a value is a variable of `own`. */
  declared: Record<string, string>
  links: readonly ProxiedAddress[]
  service: string
  instance: string
  port: number
  sink: string
  mark: string
  /** Undefined if nobody takes reports. */
  reports: ReportTarget | undefined
}

export interface ProgramEnvironment {
  env: Record<string, string>
  /** Values that are never shown. */
  secrets: string[]
  /** Variables that the lab file names and nobody has set. */
  missing: string[]
}

/** The lab's own variables and what only Node reads; Knative gives `K_CE_OVERRIDES`, the lab has nothing to override. */
const kept = /^(FAULTLINE_.*|NODE_OPTIONS|K_SINK|K_CE_OVERRIDES|PORT)$/

/** Where the lab itself exports to, and with which secrets: a program reports to the lab. */
const ownExport = /^OTEL_EXPORTER_OTLP_/

/** What a program finds in its environment. The lab file may set anything except what the lab could not work without. */
export function programEnvironment(options: ProgramEnvironmentOptions): ProgramEnvironment {
  const { own, declared, links, service, instance, port, sink, mark, reports } = options
  const inherited = Object.entries(own).filter(([name]) => !kept.test(name) && !ownExport.test(name))
  const resolved = Object.entries(declared).map(([name, text]) => ({ name, ...resolveNames(text, own) }))
  const all: Record<string, string | undefined> = {
    ...Object.fromEntries(inherited),
    ...addressesThrough(links, own),
    ...(reports === undefined ? {} : telemetryVariables(reports, { own, declared, service, instance })),
    ...Object.fromEntries(resolved.map(({ name, text }) => [name, text])),
    PORT: String(port),
    K_SINK: sink,
    FAULTLINE_INSTANCE: instance,
    [programMarkVariable]: mark,
    FAULTLINE_LAB: own.FAULTLINE_LAB,
  }
  return {
    env: Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    secrets: resolved.flatMap(({ values }) => values),
    missing: [...new Set(resolved.flatMap(({ missing }) => missing))],
  }
}

/**
 * By which OpenTelemetry's SDKs find where to report (https://opentelemetry.io/docs/specs/otel/protocol/exporter/), what (the lab takes
 * no metrics), and how soon: what waits for five seconds, as it would, is not there when somebody looks.
 */
function telemetryVariables(
  { url, token }: ReportTarget,
  { own, declared, service, instance }: Pick<ProgramEnvironmentOptions, 'own' | 'declared' | 'service' | 'instance'>,
): Record<string, string> {
  const usual = {
    ...{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_LOGS_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'none' },
    ...{ OTEL_BSP_SCHEDULE_DELAY: '1000', OTEL_BLRP_SCHEDULE_DELAY: '1000' },
  }
  return {
    ...Object.fromEntries(Object.entries(usual).filter(([name]) => !own[name])),
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    // A program that the lab file sends elsewhere does not take the token there.
    ...(Object.keys(declared).some((name) => /^OTEL_EXPORTER_OTLP_(.*_)?ENDPOINT$/.test(name))
      ? {}
      : { OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${token}` }),
    OTEL_SERVICE_NAME: service,
    OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
  }
}
