import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Child } from './child.ts'
import { otherParts, type Part, portNames, postgresPart, simulatorPart, webUrl } from './parts.ts'
import { assignPorts, requirePort } from './ports.ts'
import { endPostmaster } from './postgres/postmaster.ts'
import { endGroup, leftoverGroups, signalGroup } from './process-group.ts'
import type { RunFile } from './run-file.ts'
import type { Settings } from './settings.ts'
import type { Terminal } from './terminal.ts'

export interface LabOptions {
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

/** Ends what an earlier start on this data folder left behind; says so. */
export async function clearLeftovers(folder: string, runFile: RunFile, terminal: Terminal): Promise<void> {
  const groups = leftoverGroups(folder, Object.values(runFile.content.children))
  if (groups.length > 0) {
    const since = Date.now()
    // A paused process learns that its lifeline has ended when it runs again, and then stops in order.
    for (const group of groups) signalGroup(group, 'SIGCONT')
    await Promise.all(groups.map((group) => endGroup(group, 4_000)))
    terminal.done('cleared leftovers', `${groups.length} of an earlier start that was killed`, since)
  }
  runFile.update({ children: {} })
}

/** The processes of one lab. STOPPED → STARTING → RUNNING → STOPPING → STOPPED; `killAll` ends any of them at once. */
export class Lab {
  readonly #options: LabOptions
  /** In the order of starting: stages, each with its children. */
  readonly #stages: Child[][] = []
  #stopping = false
  #stopped: Promise<void> | undefined

  constructor(options: LabOptions) {
    this.#options = options
  }

  async #stage(parts: Part[], withinMs: number): Promise<Child[]> {
    const { terminal, settings, root, runFile } = this.#options
    const logFolder = join(settings.dataFolder, 'logs')
    const children = parts.map(
      (part) => new Child(part, { root, terminal, runFile, logFolder, stopping: () => this.#stopping }),
    )
    this.#stages.push(children)
    const since = Date.now()
    await Promise.all(
      children.map(async (child) => {
        if (this.#stopping) return
        await child.start(withinMs)
        if (child.part.announces)
          terminal.done(child.part.name, child.part.port === undefined ? '' : `port ${child.part.port}`, since)
      }),
    )
    return children
  }

  /** Resolves when everything is ready; rejects with a sentence. */
  async start(): Promise<void> {
    const { settings, dist, terminal, runFile, onlySimulator } = this.#options
    if (!onlySimulator) await requirePort(settings.port, settings.host)
    if (settings.simulatorPort !== undefined) await requirePort(settings.simulatorPort, '127.0.0.1')
    const ports = await assignPorts(portNames(settings), runFile.content.ports)
    runFile.update({ ports: { ...runFile.content.ports, ...ports } })
    const input = { settings, dist, ports }
    const engines = [...simulatorPart(input), ...(onlySimulator ? [] : postgresPart(input))]
    const started = await this.#stage(engines, 60_000)
    if (onlySimulator || this.#stopping) return

    const databaseUrl = settings.databaseUrl ?? started.find((child) => child.part.name === 'postgres')?.ready?.url
    if (databaseUrl === undefined) throw new Error('PostgreSQL did not say at which address it listens')
    await this.#migrate(databaseUrl)
    if (this.#stopping) return
    const others = otherParts({ ...input, databaseUrl })
    const since = Date.now()
    // Stages are stopped in reverse: sidecars first, whose workers finish what they hold, then web, then the mailbox.
    const mailbox = this.#stage(others.mailbox, 20_000)
    const web = this.#stage(others.web, 60_000)
    const sidecars = this.#stage(others.sidecars, 20_000)
    await Promise.all([mailbox, web, sidecars])
    await this.#untilReady()
    const replicas = others.sidecars.map((part) => `${part.name} ×${part.env.FAULTLINE_REPLICAS ?? 1}`).join(', ')
    terminal.done('workers', replicas, since)
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
    for (const end = Date.now() + 60_000; Date.now() < end && !this.#stopping; await sleep(50)) {
      try {
        const answer = await fetch(`${webUrl(this.#options.settings)}/readyz`, { signal: AbortSignal.timeout(2_000) })
        if (answer.ok) return
        last = (await answer.text()).slice(0, 500)
      } catch (error) {
        last = error instanceof Error ? error.message : String(error)
      }
    }
    if (!this.#stopping) throw new Error(`The lab was not ready within 60 s: ${last}`)
  }

  /** Stops everything in order: workers, web, mailbox, then the engines they used. A second call waits for the first. */
  stop(): Promise<void> {
    this.#stopping = true
    this.#stopped ??= this.#stopInOrder()
    return this.#stopped
  }

  async #stopInOrder(): Promise<void> {
    const { terminal } = this.#options
    const engines = this.#stages[0] ?? []
    const ordered = [...this.#stages.slice(1).reverse(), engines.filter((child) => child.part.name !== 'postgres')]
    ordered.push(engines.filter((child) => child.part.name === 'postgres'))
    for (const children of ordered) {
      const running = children.filter((child) => child.pid !== undefined)
      const since = Date.now()
      await Promise.all(children.map((child) => child.stop()))
      if (running.length > 0) terminal.done(`stopped ${running.map((child) => child.part.name).join(', ')}`, '', since)
    }
  }

  /** Ends every process at once. PostgreSQL keeps what was committed and recovers at its next start. */
  async killAll(): Promise<void> {
    this.#stopping = true
    const children = this.#stages.flat()
    const postmaster = children.find((child) => child.part.name === 'postgres')?.ready?.postmaster
    const groups = children.map((child) => child.pid).filter((pid) => pid !== undefined)
    for (const child of children) if (child.part.name !== 'postgres') child.kill()
    if (postmaster !== undefined) await endPostmaster(postmaster, 'immediate').catch(() => undefined)
    for (const child of children) child.kill()
    await Promise.all(groups.map((group) => endGroup(group, 0)))
    this.#options.runFile.update({ children: {} })
  }
}
