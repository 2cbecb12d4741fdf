import { readFileSync } from 'node:fs'
import { parse, parseAllDocuments } from 'yaml'
import { z } from 'zod'

const variable = z.object({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() })
const container = z.object({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(variable).default([]),
  envFrom: z.array(z.unknown()).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.int() })).default([]),
  securityContext: z.unknown().optional(),
  resources: z.unknown().optional(),
  readinessProbe: z.object({ exec: z.object({ command: z.array(z.string()) }) }).optional(),
  livenessProbe: z.unknown().optional(),
})
const podSpec = z.object({
  securityContext: z.unknown().optional(),
  automountServiceAccountToken: z.boolean().optional(),
  containers: z.array(container).length(1),
})
const manifest = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  data: z.record(z.string(), z.string()).optional(),
  spec: z
    .object({ template: z.object({ spec: podSpec }).optional() })
    .loose()
    .optional(),
})
export type Manifest = z.infer<typeof manifest>

/** The documents of a build. */
export const manifestsOf = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => manifest.parse(document.toJS()))

/** The one container of each workload, by its name. */
export function containersOf(manifests: readonly Manifest[]): Map<string, z.infer<typeof container>> {
  const containers = manifests.flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
  return new Map(containers.map((one) => [one.name, one]))
}

const composeService = z.object({
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()).optional() }).optional(),
})
export type ComposeService = z.infer<typeof composeService>

/** Services of `docker-compose.yml`, its anchors resolved. */
export function composeServices(): Record<string, ComposeService> {
  const file = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true })
  return z.record(z.string(), composeService).parse(z.object({ services: z.unknown() }).parse(file).services)
}
