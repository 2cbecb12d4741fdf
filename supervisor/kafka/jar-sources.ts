import { createWriteStream, existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { runToEnd } from '../process/run-to-end.ts'
import { fileOf, type Jar, repositoryPathOf } from './jar-lock.ts'

/** A place that files come from. Whether they are the right ones is checked by whoever asked. */
export interface JarSource {
  /** For a person. */
  name: string
  /** Puts what it has of `jars` into `folder`. Rejects with a sentence where it cannot; leaving some out is not an error. */
  bring(jars: readonly Jar[], folder: string, signal: AbortSignal): Promise<void>
}

const atOnce = 4
const tries = 3
const oneFileMs = 120_000

/** What other programs of this account have brought already. */
const localRepository = (env: NodeJS.ProcessEnv): JarSource => ({
  name: 'the local Maven repository',
  async bring(jars, folder) {
    const root = join(env.HOME ?? homedir(), '.m2', 'repository')
    // Absent, or not readable: then it comes from elsewhere.
    const copy = (jar: Jar) =>
      copyFile(join(root, repositoryPathOf(jar)), join(folder, fileOf(jar))).catch(() => undefined)
    await Promise.all(jars.map(copy))
  },
})

/** A Maven repository by its address, over HTTP or HTTPS. `name`: who gave the address. */
export const repositoryAt = (address: string, name = 'MAVEN_REPOSITORY_URL'): JarSource => ({
  name,
  async bring(jars, folder, signal) {
    const queue = [...jars]
    const work = async () => {
      for (let jar = queue.shift(); jar !== undefined; jar = queue.shift()) await download(address, jar, folder, signal)
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  },
})

async function download(address: string, jar: Jar, folder: string, signal: AbortSignal): Promise<void> {
  const url = `${address.replace(/\/+$/, '')}/${repositoryPathOf(jar)}`
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(oneFileMs)]) })
      if (!answer.ok || answer.body === null) throw new Error(`HTTP ${answer.status}`)
      await pipeline(answer.body, createWriteStream(join(folder, fileOf(jar))))
      return
    } catch (error) {
      signal.throwIfAborted()
      if (attempt === tries) throw new Error(`${url} could not be downloaded: ${reasonOf(error)}`, { cause: error })
      await sleep(300 * attempt, undefined, { signal })
    }
  }
}

/** `fetch` says "fetch failed", and why only in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

export const mavenName = 'Maven'

/** Maven itself, which knows this account's mirrors, proxies and passwords. */
const maven = (program: string): JarSource => ({
  name: mavenName,
  async bring(jars, folder, signal) {
    const project = join(folder, 'maven')
    await mkdir(project)
    await writeFile(join(project, 'pom.xml'), pomOf(jars))
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`, '-DincludeScope=runtime']
    const { code, said } = await runToEnd({ program, args: ['-B', '-q', ...goal] }, project, signal)
    if (code === 0) return
    // The first error is the cause; those after it explain how to ask Maven for more.
    const error = said.split('\n').find((line) => line.includes('ERROR')) ?? `exit code ${code}`
    throw new Error(error.replace(/^.*?ERROR\S*\s*/, '').slice(0, 500))
  },
})

/** Names each file and nothing that it would bring along: the list is complete. */
function pomOf(jars: readonly Jar[]): string {
  const without = '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>'
  const dependencies = jars.map(
    ({ group, artifact, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${without}</dependency>`,
  )
  return `<project><modelVersion>4.0.0</modelVersion>
<groupId>faultline</groupId><artifactId>kafka-files</artifactId><version>1</version>
<dependencies>${dependencies.join('\n')}</dependencies></project>\n`
}

/** The `mvn` of the PATH, else that of MAVEN_HOME or M2_HOME. */
function findMaven(env: NodeJS.ProcessEnv): string | undefined {
  const homes = [env.MAVEN_HOME, env.M2_HOME].flatMap((home) => (home ? [join(home, 'bin')] : []))
  return [...(env.PATH ?? '').split(delimiter), ...homes]
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'mvn'))
    .find((path) => existsSync(path))
}

/**
 * The mirror of Maven Central that this account has configured for every tool that reads Maven's settings, such as the Maven within an editor:
 * it can be asked without Maven.
 */
export function mirrorOf(env: NodeJS.ProcessEnv): string | undefined {
  let settings: string
  try {
    settings = readFileSync(join(env.HOME ?? homedir(), '.m2', 'settings.xml'), 'utf8')
  } catch {
    return undefined
  }
  const mirrors = settings.replaceAll(/<!--[\s\S]*?-->/g, '').match(/<mirror>[\s\S]*?<\/mirror>/g) ?? []
  const inside = (mirror: string, tag: string) => new RegExp(`<${tag}>\\s*([^<]*?)\\s*</${tag}>`).exec(mirror)?.[1]
  const ofCentral = mirrors.find((mirror) =>
    (inside(mirror, 'mirrorOf') ?? '').split(',').some((of) => /^(\*|external:\*|central)$/.test(of.trim())),
  )
  return ofCentral === undefined ? undefined : inside(ofCentral, 'url')
}

/** The places of this machine, the nearest first. */
export function jarSources(env: NodeJS.ProcessEnv): JarSource[] {
  const program = findMaven(env)
  const mirror = program === undefined ? mirrorOf(env) : undefined
  return [
    localRepository(env),
    ...(env.MAVEN_REPOSITORY_URL ? [repositoryAt(env.MAVEN_REPOSITORY_URL)] : []),
    ...(mirror === undefined ? [] : [repositoryAt(mirror, 'the mirror of ~/.m2/settings.xml')]),
    ...(program === undefined ? [] : [maven(program)]),
  ]
}
