import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { skipped } from '../skipped.ts'
import { composeServices, containersOf, type Manifest, manifestsOf } from './manifests.ts'
import { breaches, built, provideKubernetesTools } from './tools.ts'

const folder = 'deploy/kubernetes'
const variants = ['base', 'overlays/kafka', 'overlays/sns-sqs'] as const
/** Services of docker-compose.yml that are services outside here, and those whose work a Secret does. */
const elsewhere = ['postgres', 'redis', 'kafka', 'zookeeper', 'prometheus', 'grafana', 'loki', 'secrets']
/** Where a value of the environment differs from that in docker-compose.yml, why. */
const otherwise: Record<string, string> = {
  FAULTLINE_ALLOWED_HOSTS: 'compose adds what its own environment names',
  FAULTLINE_HISTORY_SECONDS: 'the default',
  FAULTLINE_HISTORY_BYTES: 'the default',
  LOKI_URL: 'off',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'off',
  SNS_SQS_CLOUD: 'off',
  SNS_SQS_REDIS_PORT: 'in the overlay that has a Redis',
  REDIS_URL: 'in the overlay that has a Redis',
  SNS_SQS_REDIS_ENDPOINT_URL: 'in the overlay that has a Redis',
  KAFKA_BROKERS: 'in the overlay that has a Kafka',
  KAFKA_SSL: 'in the overlay that has a Kafka',
  KAFKA_SSL_CA: 'in the overlay that has a Kafka',
  KAFKA_SASL_MECHANISM: 'in the overlay that has a Kafka',
  BROKER: 'each variant has its own',
}
/** Web asks for its token: every pod of a cluster may reach it. */
const withoutTrust = 'web'

const suite = 'manifests for Kubernetes'
describe.skipIf(skipped(suite, await provideKubernetesTools()))(suite, () => {
  const texts = new Map<string, string>()
  const all = new Map<string, Manifest[]>()
  let scratch: string

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'faultline-kubernetes-'))
    for (const variant of variants) {
      const text = await built(join(folder, variant))
      texts.set(variant, text)
      all.set(variant, manifestsOf(text))
    }
  })
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))

  const of = (variant: string): Manifest[] => all.get(variant) ?? []
  const config = (variant: string): Record<string, string> =>
    of(variant).find(({ kind }) => kind === 'ConfigMap')?.data ?? {}
  function check(text: string): Promise<string> {
    const file = join(scratch, 'built.yaml')
    writeFileSync(file, text)
    return breaches(file)
  }

  test.each(variants)('%s keeps to the schemas of the API', async (variant) => {
    expect(await check(texts.get(variant) ?? '')).toBe('')
  })

  test('a Kafka with an authority of its own is a component of an overlay', async () => {
    const overlay = join(scratch, 'own-authority')
    mkdirSync(overlay)
    const from = (name: string): string => relative(realpathSync(overlay), resolve(folder, name))
    writeFileSync(
      join(overlay, 'kustomization.yaml'),
      `resources: ["${from('overlays/kafka')}"]\ncomponents: ["${from('components/kafka-ca')}"]\n`,
    )
    const text = await built(overlay)
    expect(await check(text)).toBe('')
    // Web and the three sidecars speak to the broker.
    expect(text.match(/mountPath: \/kafka$/gm)).toHaveLength(4)
    expect(manifestsOf(text).find(({ kind }) => kind === 'ConfigMap')?.data?.KAFKA_SSL_CA).toBe('/kafka/ca.pem')
  })

  test('a field that no schema knows is found', async () => {
    expect(await check((texts.get('base') ?? '').replace('readOnlyRootFilesystem', 'readOnlyRoot'))).not.toBe('')
  })

  test('the workloads are the processes of docker-compose.yml: image, command, health', () => {
    const [compose, containers] = [composeServices(), containersOf(of('base'))]
    const wanted = Object.keys(compose).filter((name) => !elsewhere.includes(name))
    expect([...containers.keys()].toSorted()).toEqual(wanted.toSorted())
    for (const [name, { image, args, readinessProbe }] of containers) {
      const { command, healthcheck } = compose[name] ?? {}
      expect({ name, image, args }).toEqual({ name, image: 'faultline:local', args: command })
      expect(readinessProbe?.exec.command, name).toEqual(healthcheck?.test?.slice(1))
    }
  })

  test('each process has the environment that it has in docker-compose.yml', () => {
    const compose = composeServices()
    for (const [name, { env, envFrom }] of containersOf(of('overlays/kafka'))) {
      const shared = envFrom.length > 0 ? config('overlays/kafka') : {}
      const given = { ...shared, ...Object.fromEntries(env.map((one) => [one.name, one.value])) }
      for (const [variable, value] of Object.entries(compose[name]?.environment ?? {})) {
        if (otherwise[variable] !== undefined) continue
        if (name === withoutTrust && variable === 'FAULTLINE_TRUST_NETWORK') continue
        // `${NAME:-default}` of compose is its default here; without one, the Secret gives it.
        const usual = /^\$\{\w+:?-(.*)\}$/.exec(value)?.[1] ?? value
        const secret = env.find((one) => one.name === variable)?.valueFrom
        expect(Object.keys(given), `${variable} of ${name}`).toContain(variable)
        if (secret === undefined)
          expect({ name, variable, value: given[variable] }).toEqual({ name, variable, value: usual })
      }
    }
  })

  test('ports are those on which the processes listen', () => {
    const ports = new Map([...containersOf(of('overlays/sns-sqs'))].map(([name, one]) => [name, one]))
    const listens = (name: string): number[] => (ports.get(name)?.ports ?? []).map(({ containerPort }) => containerPort)
    const value = (name: string, variable: string): number =>
      Number(ports.get(name)?.env.find((one) => one.name === variable)?.value)
    expect(listens('web')).toEqual([value('web', 'PORT')])
    expect(listens('mailbox')).toEqual([value('mailbox', 'SMTP_PORT')])
    expect(listens('sns-sqs').toSorted()).toEqual(
      ['SNS_SQS_PORT', 'SNS_SQS_REDIS_PORT'].map((variable) => value('sns-sqs', variable)),
    )
    for (const name of ['producer', 'consumer-email', 'consumer-db'])
      expect(listens(name)).toEqual([value(name, 'FAULTLINE_METRICS_PORT')])
  })

  test('nothing runs as root or can change its image, everything has limits, and no secret has a value', () => {
    for (const variant of variants) {
      expect(of(variant).some(({ kind }) => kind === 'Secret')).toBe(false)
      for (const { kind, metadata, spec } of of(variant)) {
        const pod = spec?.template?.spec
        if (pod === undefined) continue
        const name = `${kind} ${metadata.name}`
        expect(pod.automountServiceAccountToken, name).toBe(false)
        expect(pod.securityContext, name).toMatchObject({
          ...{ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        })
        for (const one of pod.containers) {
          expect(one.securityContext, name).toEqual({
            ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          })
          expect(one.resources, name).toMatchObject({ limits: { cpu: expect.anything(), memory: expect.anything() } })
          if (kind !== 'Job') expect(one.livenessProbe, name).toBeDefined()
          for (const { name: variable, value } of one.env)
            if (/TOKEN|PASSWORD|SECRET|USERNAME|DATABASE_URL|REDIS_URL/.test(variable))
              expect(value, variable).toBeUndefined()
        }
      }
    }
  })
})
