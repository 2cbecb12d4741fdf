import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { brokerOf } from '#contracts/brokers/broker-name.ts'
import type { EngineName } from '#contracts/engine-name.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import { Engine } from './parts/engine.ts'
import { type EngineChannel, engineChannel } from './parts/engine-channel.ts'
import { type EnginePlan, enginePlans, postgresFolder } from './parts/engine-parts.ts'
import { ownEnginesOf, portNames, processParts, sidecarPart, webUrl } from './parts/parts.ts'
import { servicesOf, untilProgramsReady } from './parts/program-readiness.ts'
import { labPassword } from './postgres/cluster.ts'
import { endPostmaster } from './postgres/postmaster.ts'
import { urlOf } from './postgres/roles.ts'
import { Child, type ChildSurroundings } from './process/child.ts'
import type { Part } from './process/part.ts'
import { assignPorts, requirePort } from './process/ports.ts'
import { endGroup, leftoverGroups, signalGroup } from './process/process-group.ts'
import type { RunFile } from './process/run-file.ts'
import type { Terminal } from './process/terminal.ts'
import type { Settings } from './settings/settings.ts'
import { Sidecars } from './sidecars.ts'

export interface LabOptions {
  /** The declared lab: which workers it has. */
  lab: LabDeclaration
  settings: Settings
  /** Folder of the checkout. */
  root: string
  /** Folder of the built files. */
  dist: string
  terminal: Terminal
  runFile: RunFile
  /** Start nothing but the simulator. */
  onlySimulator: boolean
}

/** How long a lab may take to be ready once web answers, in milliseconds, and for each service beside that: all are wired before. */
const [readyBaseMs, readyOfEachServiceMs] = [60_000, 200]
/** Web reads the record of the last hour first: ten seconds for one of 1,000 services, and minutes where the processor is busy. */
const webReadyMs = 300_000
/** Longer than a start takes: then a person sees what is waited for. */
const patienceMs = 10_000

/** What `GET /readyz` answers while something is missing. */
const readiness = z.object({ missing: z.array(z.string()) })

/** Ends what an earlier start on this data folder left behind; says so. */
export async function clearLeftovers(folder: string, runFile: RunFile, terminal: Terminal): Promise<void> {
  const groups = leftoverGroups(folder, Object.values(runFile.content.children))
  if (groups.length > 0) {
    const since = Date.now()
    // A paused process learns that its parent watchdog has ended when it runs again, and then stops in order.
    for (const group of groups) signalGroup(group, 'SIGCONT')
    await Promise.all(groups.map((group) => endGroup(group, 4_000)))
    terminal.done('cleared leftovers', `${groups.length} of an earlier start that was killed`, since)
  }
  runFile.update({ children: {} })
}

/** The processes of one lab. STOPPED → STARTING → RUNNING → STOPPING → STOPPED; `killAll` ends any of them at once. */
export class Lab {
  readonly #options: LabOptions
  readonly #around: ChildSurroundings
  /** In the order of starting. */
  readonly #engines: Engine[] = []
  readonly #sidecars: Sidecars
  readonly #channel: EngineChannel
  /** In the order of starting: stages, each with its children. */
  readonly #stages: Child[][] = []
  #stopping = false
  #stopped: Promise<void> | undefined

  constructor(options: LabOptions) {
    this.#options = options
    const { root, terminal, runFile, settings } = options
    const logFolder = join(settings.dataFolder, 'logs')
    this.#around = { root, terminal, runFile, logFolder, stopping: () => this.#stopping }
    this.#sidecars = new Sidecars(this.#around, options.lab)
    this.#channel = engineChannel(this.#engines, this.#sidecars)
  }

  #addEngines(plans: EnginePlan[]): void {
    const changed = () => this.#channel.push()
    const added = plans.map((plan) => new Engine({ ...plan, around: this.#around, changed }))
    this.#engines.push(...added)
  }

  #engine(name: EngineName): Engine | undefined {
    return this.#engines.find((engine) => engine.name === name)
  }

  /** Starts engines one after the other, as one may need the one before it; those that are not this lab's are left out. */
  async #startEngines(names: readonly EngineName[]): Promise<void> {
    for (const name of names) {
      const engine = this.#engine(name)
      if (engine === undefined || this.#stopping) continue
      const since = Date.now()
      await engine.start()
      this.#options.terminal.done(name, `port ${engine.part.port}`, since)
    }
  }

  async #stage(parts: Part[], withinMs: number): Promise<void> {
    const { terminal } = this.#options
    const children = parts.map((part) => new Child(part, this.#around))
    this.#stages.push(children)
    const since = Date.now()
    await Promise.all(
      children.map(async (child) => {
        if (this.#stopping) return
        await child.start(withinMs)
        if (child.part.port !== undefined) terminal.done(child.part.name, `port ${child.part.port}`, since)
      }),
    )
  }

  /** Resolves when an event can be published; rejects with a sentence. Programs may need longer: `programsReady`. */
  async start(): Promise<void> {
    const { lab, settings, root, dist, terminal, runFile, onlySimulator } = this.#options
    if (!onlySimulator) await requirePort(settings.port, settings.host)
    for (const port of [settings.simulatorPort, settings.simulatorRedisPort])
      if (port !== undefined) await requirePort(port, '127.0.0.1')
    const ports = await assignPorts(portNames(settings), runFile.content.ports)
    runFile.update({ ports: { ...runFile.content.ports, ...ports } })
    const whole = { lab, settings, root, dist, ports, databaseUrl: await databaseUrlOf(settings, ports) }
    this.#addEngines(enginePlans(whole))
    if (onlySimulator) {
      const engines: readonly EngineName[] = brokerOf(settings.broker).engines
      return await this.#startEngines(engines.includes('sns-sqs') ? engines : ['sns-sqs'])
    }

    const { web, sidecars } = processParts(whole, this.#channel)
    this.#sidecars.open((worker) => sidecarPart(worker, whole))
    const since = Date.now()
    // Web and mailbox wait for what they need while they run, as they do when it goes away later. Workers would have messages fail
    // meanwhile, which counts as tries: they come when broker and database are there. Stages are stopped in reverse: sidecars first, whose
    // workers finish what they hold, then web, then the engines.
    await Promise.all([
      this.#stage([web], webReadyMs),
      this.#startEngines(['mailbox']),
      this.#startWorkers(sidecars, whole.databaseUrl),
      // What could be switched to, for whoever asks; nothing waits for it.
      ...this.#engines.map((engine) => engine.look()),
    ])
    await this.#untilReady()
    const replicas = sidecars.map((part) => `${part.name} ×${part.env.FAULTLINE_REPLICAS ?? 1}`).join(', ')
    terminal.done('workers', replicas, since)
  }

  /** Workers, and before them what they need. Engines of other brokers start when the lab is switched to them. */
  async #startWorkers(sidecars: readonly Part[], databaseUrl: string): Promise<void> {
    const { settings } = this.#options
    await Promise.all([this.#startEngines(ownEnginesOf(settings.broker, settings)), this.#startEngines(['postgres'])])
    if (!this.#stopping) await this.#migrate(databaseUrl)
    if (!this.#stopping) await this.#sidecars.begin(sidecars)
  }

  async #migrate(databaseUrl: string): Promise<void> {
    const since = Date.now()
    // Loaded late: a start that has nothing to migrate still needs `pg`, but only once PostgreSQL is up.
    const { migrate } = await import('#prisma/migrate.ts')
    const applied = await migrate(databaseUrl).catch((error: NodeJS.ErrnoException) => {
      const reason = error.message === '' ? String(error.code) : error.message
      throw new Error(
        this.#options.settings.databaseUrl === undefined
          ? `The database could not be migrated: ${reason}`
          : `The database of DATABASE_URL could not be migrated: ${reason}. Check the address, or unset it to use the built-in one`,
      )
    })
    this.#options.terminal.done('migrations', applied.length === 0 ? 'unchanged' : applied.join(', '), since)
  }

  /** Waits until web says that every part of the pipe is there. */
  async #untilReady(): Promise<void> {
    let last = 'it does not answer'
    let reported = ''
    const since = Date.now()
    const limitMs = readyBaseMs + this.#options.lab.services.length * readyOfEachServiceMs
    for (const end = since + limitMs; Date.now() < end && !this.#stopping; await sleep(50)) {
      if (last !== reported && Date.now() - since > patienceMs) {
        this.#options.terminal.warn(`still waits: ${last}`)
        reported = last
      }
      try {
        const answer = await fetch(`${webUrl(this.#options.settings)}/readyz`, { signal: AbortSignal.timeout(2_000) })
        if (answer.ok) return
        last = missingIn(await answer.text())
      } catch (error) {
        last = error instanceof Error ? error.message : String(error)
      }
    }
    if (!this.#stopping) throw new Error(`The lab was not ready within ${Math.round(limitMs / 1000)} s: ${last}`)
  }

  /** Services whose programs this lab starts. */
  get programs(): string[] {
    return this.#options.lab.services.filter(({ body }) => body.kind === 'program').map(({ name }) => name)
  }

  /** Waits, for a bounded time, until all programs are ready. Resolves with a sentence for each replica that is not. */
  programsReady(): Promise<string[]> {
    const { lab, settings } = this.#options
    const programs = lab.services.flatMap(({ name, replicas, body }) =>
      body.kind === 'program' ? [{ service: name, replicas, readyWithinMs: body.readyWithinMs }] : [],
    )
    const look = () => servicesOf(webUrl(settings), settings.inherited.FAULTLINE_TOKEN)
    return untilProgramsReady({ programs, look, stopping: () => this.#stopping })
  }

  /** Stops everything in order: workers, web, mailbox, then the engines they used. A second call waits for the first. */
  stop(): Promise<void> {
    this.#stopping = true
    this.#stopped ??= this.#stopInOrder()
    return this.#stopped
  }

  async #stopInOrder(): Promise<void> {
    await this.#stopTogether(this.#sidecars.children(), (child) => child.part.name)
    for (const children of [...this.#stages].reverse()) await this.#stopTogether(children, (child) => child.part.name)
    for (const engine of [...this.#engines].reverse()) await this.#stopTogether([engine], ({ name }) => name)
  }

  async #stopTogether<T extends Child | Engine>(some: T[], nameOf: (one: T) => string): Promise<void> {
    const running = some.filter((one) => one.pid !== undefined)
    const since = Date.now()
    await Promise.all(some.map((one) => one.stop()))
    if (running.length > 0) this.#options.terminal.done(`stopped ${running.map(nameOf).join(', ')}`, '', since)
  }

  /** Ends every process at once. PostgreSQL keeps what was committed and recovers at its next start. */
  async killAll(): Promise<void> {
    this.#stopping = true
    const postgres = this.#engine('postgres')
    const postmaster = postgres?.ready?.postmaster
    const others = [
      ...this.#sidecars.children(),
      ...this.#stages.flat(),
      ...this.#engines.filter((engine) => engine !== postgres),
    ]
    const killed = others.map((one) => one.kill())
    if (postmaster !== undefined) await endPostmaster(postmaster, 'immediate').catch(() => undefined)
    await Promise.all([...killed, postgres?.kill()])
    this.#options.runFile.update({ children: {} })
  }
}

/** Where the database answers, or will. */
async function databaseUrlOf(settings: Settings, ports: Record<string, number>): Promise<string> {
  if (settings.databaseUrl !== undefined) return settings.databaseUrl
  return urlOf({ port: ports.postgres ?? 0, password: await labPassword(postgresFolder(settings)) })
}

/** What web says of a lab that is not ready, as a sentence. */
function missingIn(answer: string): string {
  try {
    const { missing } = readiness.parse(JSON.parse(answer))
    return missing.join('; ')
  } catch {
    return answer.slice(0, 500)
  }
}
