import { basename, dirname, join, relative } from 'node:path'
import { stringify } from 'yaml'
import type { BrokerName } from '#contracts/brokers/broker-name.ts'
import { workersOf } from '#contracts/lab.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { packageRoot } from '../package-root.ts'
import { folderOf } from './lab-folder.ts'
import { type ComposeService, type ComposeTemplate, literally, packaged, readOnly, readTemplate } from './template.ts'
import { workerService } from './worker-service.ts'

/** Of the compose file of the built-in lab: what a broker does without. A broker that is not here has its services outside, and needs all. */
const without: Partial<Record<BrokerName, { services: string[]; variables: RegExp }>> = {
  kafka: { services: ['sns-sqs', 'redis'], variables: /^(AWS_|SNS_SQS_)/ },
  redis: { services: ['kafka'], variables: /^KAFKA_/ },
  local: { services: ['kafka', 'redis'], variables: /^(KAFKA_|REDIS_|SNS_SQS_REDIS_)/ },
}
const labMount = '/lab'
const kafkaConfig = ['log4j2.properties', 'log4j2.yaml', 'server.properties', 'tools-log4j2.yaml']

export interface ComposeOptions {
  broker: BrokerName
  /** Where the file will be. Absolute: paths in it are relative to its folder. */
  out: string
  /** The user's home folder, which is not mounted. */
  home: string
}

/** A compose file for a lab, and what a person should know of it. It holds no secret, and needs no file but those of the lab. Throws as `folderOf`. */
export async function composeFileOf(
  lab: LabDeclaration,
  { broker, out, home }: ComposeOptions,
): Promise<{ text: string; notes: string[] }> {
  const notes: string[] = []
  const template = await readTemplate()
  const shown = (path: string): string => {
    const short = relative(dirname(out), path)
    return short.startsWith('..') ? short : `./${short}`
  }
  const base = workerBase(template)
  const kept = Object.entries(template.services).filter(
    ([name, service]) =>
      !without[broker]?.services.includes(name) &&
      service.profiles === undefined &&
      service.environment?.FAULTLINE_WORKER_ENTRY === undefined,
  )
  const services: Record<string, ComposeService> = Object.fromEntries(kept)
  for (const worker of workersOf(lab))
    services[worker.name] = workerService(worker, { base, shown, note: (text) => notes.push(text) })
  if (services.web) services.web = await withLab(services.web, lab, { shown, home, note: (text) => notes.push(text) })
  if (services.postgres) services.postgres = withRole(services.postgres)
  const configs = {
    'lab-role': { content: literally(await packaged('containers/lab-role.sh')) },
    ...(services.kafka ? await kafkaConfigs() : {}),
  }
  if (services.kafka) services.kafka = withConfigs(services.kafka)
  for (const [name, service] of Object.entries(services)) services[name] = onBroker(service, broker, services)
  const used = Object.values(services).flatMap(({ volumes = [] }) =>
    volumes.flatMap((volume) => (typeof volume === 'string' ? [volume.split(':')[0] ?? ''] : [])),
  )
  const text = stringify(
    {
      name: lab.name,
      services,
      configs,
      volumes: Object.fromEntries(
        Object.keys(template.volumes)
          .filter((name) => used.includes(name))
          .map((name) => [name, {}]),
      ),
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  )
  return { text: `${header(lab, broker)}${text}`, notes }
}

const header = (
  { name, file }: LabDeclaration,
  broker: BrokerName,
): string => `# The lab ${name} of ${basename(file)} in containers, on ${broker}. Made by \`faultline compose\`; make it again when the lab file changes.
#   docker compose up -d --wait
# The images faultline:local (FAULTLINE_IMAGE) and faultline-sidecar (FAULTLINE_SIDECAR_IMAGE) are built once: docs/containers.md.
# Secrets are made at the first start and kept in a volume; other settings are variables with defaults.
`

/** What each sidecar of the built-in lab has, but for what is said of its one worker. */
function workerBase({ services }: ComposeTemplate): ComposeService {
  const worker = Object.values(services).find(({ environment }) => environment?.FAULTLINE_WORKER_ENTRY !== undefined)
  if (worker === undefined) throw new Error('docker-compose.yml of this package has no worker')
  const own = /^FAULTLINE_(SERVICE|KIND|EFFECT|REPLICAS|PUBLISHES|SENDS|BODY|CONCURRENCY|HOP_LIMIT|WORKER_ENTRY)$/
  const environment = Object.fromEntries(Object.entries(worker.environment ?? {}).filter(([name]) => !own.test(name)))
  return { ...worker, environment }
}

/** Web reads the lab file, and whatever that names. */
async function withLab(
  web: ComposeService,
  lab: LabDeclaration,
  { shown, home, note }: { shown: (path: string) => string; home: string; note: (text: string) => void },
): Promise<ComposeService> {
  if (lab.file === defaultLabFile(packageRoot)) return web
  const { folder, widenedBy } = await folderOf(lab, home)
  if (widenedBy !== undefined)
    note(
      `web reads all of ${shown(folder)}, not only the folder of the lab file, since the lab names ${shown(widenedBy)}`,
    )
  return {
    ...web,
    environment: { ...web.environment, FAULTLINE_LAB: literally(join(labMount, relative(folder, lab.file))) },
    volumes: [...(web.volumes ?? []), readOnly(shown(folder), labMount)],
  }
}

/** The script that makes the lab's role is written by Compose, which does so only if the root is not read-only. */
const withRole = ({ read_only: _, ...postgres }: ComposeService): ComposeService => ({
  ...postgres,
  configs: [{ source: 'lab-role', target: '/docker-entrypoint-initdb.d/lab-role.sh', mode: 0o444 }],
  volumes: ownVolumes(postgres),
})

/** Files of a checkout cannot be mounted if there is none. */
const ownVolumes = ({ volumes = [] }: ComposeService): NonNullable<ComposeService['volumes']> =>
  volumes.filter((volume) => typeof volume !== 'string' || !volume.startsWith('./'))

async function kafkaConfigs(): Promise<Record<string, { content: string }>> {
  const files = kafkaConfig.map(
    async (name) => [name, { content: literally(await packaged(`kafka/config/${name}`)) }] as const,
  )
  const answers = { content: literally(await packaged('containers/answers.sh')) }
  return { ...Object.fromEntries(await Promise.all(files)), answers }
}

const withConfigs = (kafka: ComposeService): ComposeService => ({
  ...kafka,
  volumes: ownVolumes(kafka),
  configs: [
    // The entry point copies them with their mode and then adds to them, which a file that nobody may write refuses.
    ...kafkaConfig.map((source) => ({ source, target: `/mnt/shared/config/${source}`, mode: 0o644 })),
    { source: 'answers', target: '/usr/local/bin/answers', mode: 0o755 },
  ],
})

/** A service without what belongs to brokers that are not there, and without building the image of the lab. */
function onBroker(service: ComposeService, broker: BrokerName, services: Record<string, unknown>): ComposeService {
  const { environment, depends_on, ...same } = service
  if (same.image !== undefined) delete same.build
  const kept = Object.entries(environment ?? {}).filter(([name]) => !without[broker]?.variables.test(name))
  const needed = Object.entries(depends_on ?? {}).filter(([name]) => Object.hasOwn(services, name))
  return {
    ...same,
    ...(environment === undefined
      ? {}
      : { environment: Object.fromEntries(kept.map(([name, value]) => [name, name === 'BROKER' ? broker : value])) }),
    ...(needed.length === 0 ? {} : { depends_on: Object.fromEntries(needed) }),
  }
}
