import { type DeclaredWorker, isProducer, isShared, sharedHost, sharedIn, sharedWorker } from '#contracts/lab.ts'
import type { LabDeclaration, ServiceDeclaration } from '#contracts/lab-declaration.ts'
import type { ServiceHands } from './parts/engine-channel.ts'
import { Child, type ChildSurroundings } from './process/child.ts'
import type { Part } from './process/part.ts'

/** How long the process of a sidecar may take to begin. */
const beginsWithinMs = 20_000

/** The sidecars of the lab, one a service, and one for all that share a process. They come and go while it runs; one order about a service at a time. */
export class Sidecars implements ServiceHands {
  readonly #around: ChildSurroundings
  readonly #children = new Map<string, Child>()
  /** The last order about each service. */
  readonly #turns = new Map<string, Promise<unknown>>()
  /** Names of services that share a process: its sidecar runs as long as there is one. */
  readonly #sharing: Set<string>
  #partOf: ((worker: DeclaredWorker) => Part) | undefined

  /** `lab`: the services that it begins with. */
  constructor(around: ChildSurroundings, lab: Pick<LabDeclaration, 'services'>) {
    this.#around = around
    this.#sharing = new Set(sharedIn(lab).map(({ name }) => name))
  }

  /** From now on services can be started: what their parts need is known. */
  open(partOf: (worker: DeclaredWorker) => Part): void {
    this.#partOf = partOf
  }

  /** All children, running or to be started. */
  children(): Child[] {
    return [...this.#children.values()]
  }

  async begin(parts: readonly Part[]): Promise<void> {
    await Promise.all(parts.map((part) => this.#inTurn(part.name, () => this.#run(part))))
  }

  start(service: ServiceDeclaration, hopLimit: number): Promise<void> {
    const partOf = this.#partOf
    if (partOf === undefined) return Promise.reject(new Error('the lab has not started yet'))
    if (isShared(service)) return this.#startSharing(service.name, partOf(sharedWorker(hopLimit)))
    const worker: DeclaredWorker = { ...service, kind: isProducer(service) ? 'producer' : 'consumer', hopLimit }
    return this.#inTurn(service.name, async () => {
      await this.#end(service.name)
      await this.#run(partOf(worker))
      await this.#stopSharing(service.name)
    })
  }

  stop(name: string): Promise<void> {
    return this.#inTurn(name, async () => {
      await this.#end(name)
      await this.#stopSharing(name)
    })
  }

  /** The control plane configures its sidecar with the services that the process hosts. */
  #startSharing(name: string, part: Part): Promise<void> {
    this.#sharing.add(name)
    return this.#inTurn(name, async () => {
      await this.#end(name)
      await this.#inTurn(sharedHost, async () => {
        if (!this.#children.has(sharedHost)) await this.#run(part)
      })
    })
  }

  async #stopSharing(name: string): Promise<void> {
    if (!this.#sharing.delete(name) || this.#sharing.size > 0) return
    await this.#inTurn(sharedHost, async () => {
      if (this.#sharing.size === 0) await this.#end(sharedHost)
    })
  }

  async #run(part: Part): Promise<void> {
    if (this.#around.stopping()) throw new Error('the lab is being stopped')
    const child = new Child(part, this.#around)
    this.#children.set(part.name, child)
    await child.start(beginsWithinMs)
  }

  async #end(name: string): Promise<void> {
    // Until it has ended it is one of those that a lab which stops waits for.
    await this.#children.get(name)?.stop()
    this.#children.delete(name)
  }

  #inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#turns.get(name) ?? Promise.resolve()).then(work)
    this.#turns.set(
      name,
      done.catch(() => undefined),
    )
    return done
  }
}
