import { builtInEventTypes } from '#contracts/events/catalogue.ts'
import { sidecarEnvironmentOf, workerEntryOf, workersOf } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { labFileSchema } from '#contracts/lab-file/editor-schema.ts'

/** A committed file of which a part follows from the declared lab. */
export interface LabFile {
  /** Below the root of the checkout. */
  path: string
  /** The lines of that part, without the indentation of its markers. */
  linesOf: (lab: LabDeclaration) => string[]
}

/** Port on which sidecars answer in containers: `FAULTLINE_METRICS_PORT` of docker-compose.yml. */
const metricsPort = 9464

/** A text that YAML would take for something else is quoted. */
const quoted = (text: string): string => (/^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text))

export const labFiles: LabFile[] = [
  {
    path: 'docker-compose.yml',
    linesOf: (lab) =>
      workersOf(lab).flatMap((worker, index) => [
        ...(index === 0 ? [] : ['']),
        `${worker.name}:`,
        '  <<: *worker',
        `  container_name: \${FAULTLINE_PREFIX:-}${worker.name}`,
        '  environment:',
        '    <<: *worker-environment',
        ...Object.entries({
          ...sidecarEnvironmentOf(worker),
          FAULTLINE_WORKER_ENTRY: `dist/${workerEntryOf(worker)}.js`,
        }).map(([name, value]) => `    ${name}: ${quoted(value)}`),
        `  healthcheck: { <<: *worker-health, test: [CMD, answers, http, "${metricsPort}", /readyz] }`,
      ]),
  },
  {
    path: 'monitoring/prometheus.yml',
    linesOf: (lab) => {
      const targets = workersOf(lab).map(({ name }) => `"${name}:${metricsPort}"`)
      return [`static_configs: [{ targets: [${targets.join(', ')}] }]`]
    },
  },
]

const markers =
  /^( *)(# Workers of the declared lab, written by `npm run lab-files`: begin\n)(?:.*\n)*?( *# Workers of the declared lab: end\n)/m

/** The text of a file with its part as the lab says. Throws if its two markers are missing. */
export function withLabFile({ path, linesOf }: LabFile, text: string, lab: LabDeclaration): string {
  if (!markers.test(text))
    throw new Error(`${path} has no lines that say where the workers of the declared lab begin and end`)
  return text.replace(markers, (_, indent: string, begin: string, end: string) => {
    const lines = linesOf(lab).map((line) => (line === '' ? '\n' : `${indent}${line}\n`))
    return `${indent}${begin}${lines.join('')}${end}`
  })
}

/**
 * Files that follow from code as a whole: the schema of lab files for editors, and the schemas and examples of the catalogue's events,
 * to which `labs/default.yaml` refers as any lab file refers to its own.
 */
export function wholeFiles(): { path: string; text: string }[] {
  const json = (path: string, value: unknown) => ({ path, text: `${JSON.stringify(value, null, 2)}\n` })
  return [
    json('labs/schema.json', labFileSchema()),
    ...builtInEventTypes.flatMap(({ name, schema, example }) => [
      json(`labs/events/${name}.schema.json`, schema),
      json(`labs/events/${name}.json`, example),
    ]),
  ]
}
