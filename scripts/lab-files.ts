import { sidecarEnvironmentOf, type TopologyDeclaration, workersOf } from '#contracts/lab.ts'

/** A committed file of which a part follows from the declared lab. */
export interface LabFile {
  /** Below the root of the checkout. */
  path: string
  /** The lines of that part, without the indentation of its markers. */
  linesOf: (lab: TopologyDeclaration) => string[]
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
          FAULTLINE_WORKER_ENTRY: `dist/${worker.name}.js`,
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

/** The text of a file with its part as the lab says. Throws where its two markers are missing. */
export function withLab({ path, linesOf }: LabFile, text: string, lab: TopologyDeclaration): string {
  if (!markers.test(text))
    throw new Error(`${path} has no lines that say where the workers of the declared lab begin and end`)
  return text.replace(markers, (_, indent: string, begin: string, end: string) => {
    const lines = linesOf(lab).map((line) => (line === '' ? '\n' : `${indent}${line}\n`))
    return `${indent}${begin}${lines.join('')}${end}`
  })
}
