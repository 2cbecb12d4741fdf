import { resolveNames } from '#contracts/environment-names.ts'
import type { ProxiedAddress } from '../env.ts'
import { addressesThrough } from './addresses.ts'
import { markVariable } from './watchdog.ts'

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
  /** Where OTLP over HTTP is taken; undefined where nobody takes it. */
  otlp: string | undefined
}

/** The environment of a program. */
export interface ProgramEnvironment {
  env: Record<string, string>
  /** Values that are never shown. */
  secrets: string[]
  /** Variables that the lab file names and nobody has set. */
  missing: string[]
}

/** The lab's own variables and what only Node reads; Knative gives `K_CE_OVERRIDES`, the lab has nothing to override. */
const kept = /^(FAULTLINE_.*|NODE_OPTIONS|K_SINK|K_CE_OVERRIDES|PORT)$/

/** What a program finds in its environment. The lab file may set anything except what the lab could not work without. */
export function programEnvironment(options: ProgramEnvironmentOptions): ProgramEnvironment {
  const { own, declared, links, service, instance, port, sink, mark, otlp } = options
  const inherited = Object.entries(own).filter(([name]) => !kept.test(name))
  const resolved = Object.entries(declared).map(([name, text]) => ({ name, ...resolveNames(text, own) }))
  const all: Record<string, string | undefined> = {
    ...Object.fromEntries(inherited),
    ...addressesThrough(links, own),
    ...(otlp === undefined ? {} : telemetryVariables(otlp, service, instance)),
    ...Object.fromEntries(resolved.map(({ name, text }) => [name, text])),
    PORT: String(port),
    K_SINK: sink,
    FAULTLINE_INSTANCE: instance,
    [markVariable]: mark,
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

/** By which OpenTelemetry's SDKs find where to report: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const telemetryVariables = (otlp: string, service: string, instance: string): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  OTEL_SERVICE_NAME: service,
  OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
})
