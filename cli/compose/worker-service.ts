import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isLoopback } from '#contracts/host-port.ts'
import { type DeclaredWorker, sidecarEnvironmentOf, workerEntryOf } from '#contracts/lab.ts'
import type { ServiceBody } from '#contracts/lab-declaration.ts'
import { type ComposeService, literally, readOnly } from './template.ts'

/** Where a program is in the container of its sidecar. */
export const programFolder = '/program'
/** The machine that runs the containers, as they see it. */
const host = 'host.docker.internal'
export const sidecarImage = `\${FAULTLINE_SIDECAR_IMAGE:-faultline-sidecar}`

interface WorkerServiceOptions {
  /** What every sidecar has. */
  base: ComposeService
  /** A path as the compose file names it. */
  shown: (path: string) => string
  note: (text: string) => void
}

/** The container of one service: its sidecar, and its program where the lab runs that. */
export function workerService(worker: DeclaredWorker, { base, shown, note }: WorkerServiceOptions): ComposeService {
  const { name } = worker
  const body = bodyIn(worker, note)
  const variables = variablesOf(body)
  const environment = {
    ...base.environment,
    ...Object.fromEntries(
      Object.entries(sidecarEnvironmentOf({ ...worker, body })).map(([key, value]) => [key, literally(value)]),
    ),
    FAULTLINE_WORKER_ENTRY: `dist/${workerEntryOf(worker)}.js`,
    ...Object.fromEntries(variables.map((variable) => [variable, `\${${variable}:-}`])),
  }
  for (const variable of variables) note(`${name} reads ${variable}: set it in the environment or in .env`)
  const service: ComposeService = { ...base, container_name: `\${FAULTLINE_PREFIX:-}${name}`, environment }
  if (worker.body.kind !== 'program') return service
  const { directory } = worker.body
  if (existsSync(join(directory, 'Dockerfile'))) {
    const { image: _, ...built } = service
    note(
      `${name} is built from ${shown(directory)}/Dockerfile, which puts the program on the sidecar, in ${programFolder}`,
    )
    return { build: { context: literally(shown(directory)), args: { SIDECAR: sidecarImage } }, ...built }
  }
  note(
    `${name} runs on the sidecar's own image with ${shown(directory)} mounted: give it a Dockerfile where it needs more than Node`,
  )
  return {
    ...service,
    image: sidecarImage,
    volumes: [...(base.volumes ?? []), readOnly(shown(directory), programFolder)],
  }
}

/** Places on the machine of the lab as they are in a container. */
function bodyIn({ name, body }: DeclaredWorker, note: (text: string) => void): ServiceBody {
  if (body.kind === 'program') return { ...body, directory: programFolder }
  if (body.kind !== 'url' || !URL.canParse(body.url)) return body
  const url = new URL(body.url)
  if (!isLoopback(url.hostname)) {
    note(`${name} stays outside: it is called at ${url.origin}, which containers must be able to reach`)
    return body
  }
  url.hostname = host
  note(
    `${name} stays on this machine: it is called at ${url.origin}, so it has to listen on 0.0.0.0 and not only on 127.0.0.1`,
  )
  return { ...body, url: url.href }
}

/** Variables of which a body takes values, so that none is in a file. */
function variablesOf(body: ServiceBody): string[] {
  const values = body.kind === 'program' ? Object.values(body.env) : body.kind === 'url' ? [body.url] : []
  return [...new Set(values.flatMap((value) => /^\$([A-Za-z_]\w*)$/.exec(value)?.[1] ?? []))]
}
