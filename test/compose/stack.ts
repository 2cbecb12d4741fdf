import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { freePort } from '../../supervisor/process/ports.ts'
import { until } from '../until.ts'

const run = promisify(execFile)
const outputMax = 32 * 1024 * 1024
/** A build from nothing, packages and all, on a busy machine. */
const buildMs = 20 * 60_000

/** What these tests look at of `docker inspect`. */
const inspected = z.object({
  Name: z.string(),
  RestartCount: z.int(),
  Config: z.object({ User: z.string(), Labels: z.record(z.string(), z.string()) }),
  State: z.object({
    Status: z.string(),
    ExitCode: z.int(),
    StartedAt: z.string(),
    Health: z.object({ Status: z.string() }).optional(),
  }),
  HostConfig: z.object({
    ReadonlyRootfs: z.boolean(),
    Init: z.boolean().nullish(),
    CapDrop: z.array(z.string()).nullish(),
    Privileged: z.boolean(),
    PortBindings: z.record(z.string(), z.array(z.object({ HostIp: z.string() })).nullable()).nullish(),
  }),
  Mounts: z.array(z.object({ Type: z.string(), Source: z.string(), Destination: z.string(), RW: z.boolean() })),
})
export type Container = z.infer<typeof inspected>

/** The lab in containers, under a project, names and ports of its own. */
export interface Stack {
  /** Where web answers once it runs. */
  url: string
  /** Name of a service's container. */
  nameOf(service: string): string
  /** A command line as a person types it, in a shell; resolves with both outputs, rejects with them. */
  shell(line: string): Promise<string>
  compose(...args: string[]): Promise<string>
  docker(...args: string[]): Promise<string>
  /** Freezes every process of a service's container until it is unpaused. */
  pause(service: string): Promise<void>
  /** Containers of the project by service, stopped ones too. */
  containers(): Promise<Map<string, Container>>
  /** Removes containers, networks and volumes. */
  remove(): Promise<void>
}

const nameless = (names: string[], prefix: string): boolean => !names.some((name) => name.startsWith(prefix))

/**
 * A stack that is not started yet. Its containers have the names of docker-compose.yml where these are free, else a prefix.
 * `env` goes to every command.
 */
export async function openStack(label: string, env: Record<string, string> = {}): Promise<Stack> {
  const project = `${process.env.FAULTLINE_E2E_PROJECT ?? `faultline-e2e-${process.pid}`}-${label}`
  const programs = mkdtempSync(join(tmpdir(), 'faultline-compose-'))
  await provideDockerCompose(programs)
  const taken = (await run('docker', ['ps', '-a', '--format', '{{.Names}}'])).stdout.split('\n')
  const compose = readFileSync('docker-compose.yml', 'utf8')
  const services = [...compose.matchAll(/container_name: \$\{FAULTLINE_PREFIX:-\}(\S+)/g)].map(([, name]) => name ?? '')
  const prefix = services.some((service) => taken.includes(service)) ? `${project}-` : ''
  if (!nameless(taken, project)) throw new Error(`there are containers of ${project} already: remove them first`)
  const [port, prometheusPort, grafanaPort] = await Promise.all([freePort(), freePort(), freePort()])
  const environment = {
    ...process.env,
    PATH: `${programs}${delimiter}${process.env.PATH ?? ''}`,
    COMPOSE_PROJECT_NAME: project,
    FAULTLINE_PREFIX: prefix,
    FAULTLINE_IMAGE: 'faultline:e2e',
    PORT: String(port),
    PROMETHEUS_PORT: String(prometheusPort),
    GRAFANA_PORT: String(grafanaPort),
    ...env,
  }
  const command = async (file: string, args: string[]): Promise<string> => {
    const { stdout, stderr } = await run(file, args, { env: environment, maxBuffer: outputMax, timeout: buildMs })
    return stdout + stderr
  }
  const docker = async (...args: string[]): Promise<string> =>
    (await run('docker', args, { env: environment, maxBuffer: outputMax, timeout: buildMs })).stdout
  return {
    url: `http://localhost:${port}`,
    nameOf: (service) => `${prefix}${service}`,
    shell: (line) => command('bash', ['-c', line]),
    compose: (...args) => command('docker', ['compose', ...args]),
    docker,
    async pause(service) {
      // The kernel cannot pack a process that waits for its disk, and the engine gives up after some 200 ms of trying.
      await until(`a paused ${service}`, async () => {
        await docker('pause', `${prefix}${service}`)
        return true
      })
    },
    async containers() {
      const filter = `label=com.docker.compose.project=${project}`
      const ids = (await docker('ps', '-aq', '--filter', filter)).split('\n').filter((id) => id !== '')
      const found = ids.length === 0 ? [] : z.array(inspected).parse(JSON.parse(await docker('inspect', ...ids)))
      return new Map(found.map((one) => [one.Config.Labels['com.docker.compose.service'] ?? one.Name, one]))
    },
    async remove() {
      await command('docker', ['compose', '--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '5'])
      rmSync(programs, { recursive: true, force: true })
    },
  }
}

/** `docker-compose` is what the commands say; where only `docker compose` is installed, this is the one under the other's name. */
async function provideDockerCompose(folder: string): Promise<void> {
  const version = await run('docker-compose', ['version', '--short']).catch(() => undefined)
  if (version && !version.stdout.startsWith('1.')) return
  const file = join(folder, 'docker-compose')
  writeFileSync(file, '#!/bin/sh\nexec docker compose "$@"\n')
  chmodSync(file, 0o755)
}
