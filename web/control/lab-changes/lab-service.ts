import { setTimeout as sleep } from 'node:timers/promises'
import { isStuck, type LabObstacle, type LabPlan, type LabView } from '#contracts/api/lab.ts'
import { isProducer } from '#contracts/lab.ts'
import type { LabDeclaration, ServiceDeclaration } from '#contracts/lab-declaration.ts'
import type { CheckData } from '#contracts/lab-file/events.ts'
import { ApiProblem } from '../problem/problem.ts'
import type { LabHands } from './carry-out.ts'
import { carryOut } from './carry-out.ts'
import { declared, type LabText, type WrittenText } from './lab-text.ts'
import { planLines } from './plan.ts'
import { serviceChanges } from './service-change.ts'

/** Between two tries to wire the broker, in milliseconds. */
const wireAgainMs = 500

/** Declarations that are remembered, so that a client with an older revision learns what has changed. */
const keptRevisions = 50

/** What the lab file says, and the one place where it changes while the lab runs. One change at a time. */
export interface LabService {
  view(): Promise<LabView>
  /**
   * Says what a text would do, or does it. Throws `invalid_lab`, `lab_changed`, `lab_fixed`, `service_in_use`, `switch_running`, and what
   * wiring and storing throw; the lab is then as it was.
   */
  put(input: { yaml: string; revision: number }, how: { dryRun: boolean; force: boolean }): Promise<LabPlan>
  save(revision: number): Promise<LabView>
}

export interface LabServiceParts {
  text: LabText
  /** The lab that runs. */
  declaration: () => LabDeclaration
  check: CheckData
  hands: LabHands
  /** What services still hold, by what the ledger and the broker count. */
  held: (services: readonly string[]) => Promise<LabObstacle[]>
  /** Why nothing can be changed now; undefined if it can. */
  refusal: () => string | undefined
  /** Why nobody may change this lab over HTTP, not even to see what would be done; undefined if they may. */
  closed: () => string | undefined
  /** Why a lab cannot run on the broker of now; undefined if it can. */
  impossible?: (lab: LabDeclaration) => string | undefined
  /** Why services cannot be started and stopped here; undefined if they can. */
  fixed: () => string | undefined
  /** The built-in lab, which is not written over. */
  builtIn: string
  /** Called with each change that was made. */
  onChanged: (plan: LabPlan) => void
}

export function createLabService(parts: LabServiceParts): LabService {
  const { text, declaration, hands } = parts
  const known = new Map<number, LabDeclaration>([[text.revision(), declaration()]])
  let turn: Promise<unknown> = Promise.resolve()

  const view = async (): Promise<LabView> => {
    const fixed = parts.closed() ?? parts.fixed()
    const now = declaration()
    return {
      ...{ name: now.name, file: text.file, yaml: text.yaml(), revision: text.revision() },
      saved: await text.saved(),
      ...(fixed === undefined ? {} : { fixed }),
      declaration: now,
    }
  }

  /** Refuses a text that was made of an older lab. */
  const requireCurrent = (revision: number): void => {
    if (revision === text.revision()) return
    const old = known.get(revision)
    const changes = old === undefined ? [] : planLines(old, declaration(), []).filter(({ mark }) => mark !== '=')
    const words = changes.map(({ mark, what, name, change }) => `${mark} ${what} ${name}: ${change}`).join('; ')
    throw new ApiProblem(
      'lab_changed',
      `the lab is at revision ${text.revision()}, the text was made of ${revision}; ${words === '' ? 'read GET /api/lab again' : `since then ${words}`}`,
    )
  }

  const heldBy = (services: readonly ServiceDeclaration[]): Promise<LabObstacle[]> =>
    parts.held(services.filter((service) => !isProducer(service)).map(({ name }) => name))

  let isWiring = false
  /** Wires what is declared, in its turn, until the broker takes it. */
  const wireLater = (): void => {
    if (isWiring) return
    isWiring = true
    void (async () => {
      while (isWiring) {
        await sleep(wireAgainMs, undefined, { ref: false })
        await inTurn(async () => {
          await hands.wire(declaration())
          isWiring = false
        }).catch(() => undefined)
      }
    })()
  }

  const put: LabService['put'] = async ({ yaml, revision }, { dryRun, force }) => {
    const closed = parts.closed()
    if (closed !== undefined) throw new ApiProblem('lab_fixed', closed)
    requireCurrent(revision)
    const before = declaration()
    const read = await declared(yaml, text.file, parts.check)
    const after = { ...read, events: hands.versioned(read.events) }
    const impossible = parts.impossible?.(after)
    if (impossible !== undefined) throw new ApiProblem('lab_fixed', impossible)
    const changes = serviceChanges(before, after)
    const obstacles = await heldBy(changes.removed)
    const plan: LabPlan = {
      ...{ lines: planLines(before, after, obstacles), obstacles, applied: false },
      ...{ revision: text.revision(), failed: [] },
    }
    if (dryRun) return plan
    const refusal = parts.refusal()
    if (refusal !== undefined) throw new ApiProblem('switch_running', refusal)
    const touched = changes.added.length + changes.removed.length + changes.restarted.length > 0
    const fixed = touched ? parts.fixed() : undefined
    if (fixed !== undefined) throw new ApiProblem('lab_fixed', fixed)
    if (obstacles.some(isStuck) && !force) throw inUse(obstacles)
    const write = async (): Promise<WrittenText> => {
      const written = await text.write(yaml)
      const take = (): void => {
        written.take()
        known.set(text.revision(), after)
        for (const old of [...known.keys()].slice(0, -keptRevisions)) known.delete(old)
      }
      return { ...written, take }
    }
    const { failed, left } = await carryOut({ before, after, changes, force }, hands, { heldBy, wireLater, write })
    if (left.length > 0) throw inUse(left)
    const done = { ...plan, applied: true, revision: text.revision(), failed }
    parts.onChanged(done)
    return done
  }

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  return {
    view,
    put: (input, how) => inTurn(() => put(input, how)),
    save: (revision) =>
      inTurn(async () => {
        requireCurrent(revision)
        if (text.file === parts.builtIn) {
          throw new ApiProblem(
            'lab_fixed',
            'this is the built-in lab, which is not written over: keep the text in a file of your own and start with --lab FILE',
          )
        }
        await text.save()
        return view()
      }),
  }
}

function inUse(held: readonly LabObstacle[]): ApiProblem {
  const words = held.map(
    ({ service, unsettled, deadLetters }) =>
      `${service} has ${unsettled} unsettled messages and ${deadLetters} dead letters`,
  )
  return new ApiProblem(
    'service_in_use',
    `${words.join('; ')}; wait or redrive them, or send the same with ?force=1, which leaves them in their queues`,
  )
}
