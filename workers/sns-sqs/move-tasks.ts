import type { Logger } from 'pino'
import type { SimulatorClock } from './clock.ts'
import { AwsError } from './protocol/aws-error.ts'
import { recordKey } from './stores/declarations.ts'
import {
  type DeclarationChange,
  type Declarations,
  type MoveTargets,
  type QueueDefinition,
  type QueueStore,
  UnknownQueue,
} from './stores/queue-store.ts'

/** RUNNING → COMPLETED, FAILED (with a reason) or CANCELLED. Kept among the declarations, so that it goes on after a restart. */
export interface MoveTask {
  id: string
  /** What the client names it by. */
  handle: string
  source: string
  destination?: string
  /** Messages a second. Absent: as fast as it goes. */
  rate?: number
  status: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'
  moved: number
  toMove: number
  startedAt: number
  failureReason?: string
  /** The process that moves, and until when no other may: a process that was killed is succeeded. */
  owner: string
  ownedUntil: number
}

interface MoveTasksOptions {
  store: QueueStore
  clock: SimulatorClock
  log: Logger
  newId: () => string
}

/** Messages that one step moves, at most. */
const stepMessages = 100
/** Between two steps of a task with a rate, and between two looks for tasks of a process that is gone. */
const paceMs = 100
const lookEveryMs = 2_000
/** How long a process owns its task without a sign of life, and how often it gives one. */
const ownedMs = 10_000
const persistEveryMs = 3_000
/** Ended tasks that are kept of one source. */
const keptTasks = 10

/** Moves the messages of dead-letter queues, one running task a source. */
export class MoveTasks {
  private readonly options: MoveTasksOptions
  private readonly owner: string
  /** Progress of the tasks that this process runs, newer than what is kept. */
  private readonly running = new Map<string, MoveTask>()
  private readonly timers = new Set<NodeJS.Timeout>()
  private readonly looking: NodeJS.Timeout
  private closed = false

  constructor(options: MoveTasksOptions) {
    this.options = options
    this.owner = options.newId()
    this.looking = setInterval(() => void this.takeOver(), lookEveryMs).unref()
    void this.takeOver()
  }

  /** Starts one and answers with its handle; throws if one runs for this source. */
  async start(source: QueueDefinition, destination: string | undefined, rate: number | undefined): Promise<string> {
    const { store, clock, newId } = this.options
    const { visible, inFlight, delayed } = await store.counts(source.name)
    const id = newId()
    const task: MoveTask = {
      id,
      handle: Buffer.from(JSON.stringify({ taskId: id, sourceArn: source.arn })).toString('base64'),
      source: source.arn,
      ...(destination === undefined ? {} : { destination }),
      ...(rate === undefined ? {} : { rate }),
      status: 'RUNNING',
      moved: 0,
      toMove: visible + inFlight + delayed,
      startedAt: clock.now(),
      owner: this.owner,
      ownedUntil: clock.now() + ownedMs,
    }
    await store.declare((declared) => {
      const before = tasksOf(declared, source.arn)
      if (before.some(({ status }) => status === 'RUNNING')) {
        throw new AwsError(
          'InvalidParameterValue',
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        )
      }
      const old = before
        .slice(keptTasks - 1)
        .map((one): DeclarationChange => ({ remove: 'record', kind: 'move-task', id: one.id }))
      return { changes: [...old, put(task)], result: undefined }
    })
    this.run(task)
    return task.handle
  }

  /** Cancels a running one; answers with how many it has moved. Throws if none of that id runs. */
  async cancel(id: string): Promise<number> {
    const moved = this.running.get(id)?.moved
    return this.options.store.declare((declared) => {
      const task = taskIn(declared, id)
      if (task?.status !== 'RUNNING') throw new AwsError('ResourceNotFoundException', 'Task does not exist.')
      const cancelled: MoveTask = { ...task, status: 'CANCELLED', moved: Math.max(task.moved, moved ?? 0) }
      return { changes: [put(cancelled)], result: cancelled.moved }
    })
  }

  /** The tasks of a source, the newest first. */
  async of(source: string): Promise<MoveTask[]> {
    const tasks = tasksOf(await this.options.store.declarations(), source)
    return tasks.map((task) => ({ ...task, moved: Math.max(task.moved, this.running.get(task.id)?.moved ?? 0) }))
  }

  close(): void {
    this.closed = true
    clearInterval(this.looking)
    for (const timer of this.timers) clearTimeout(timer)
  }

  private async takeOver(): Promise<void> {
    try {
      const { store, clock } = this.options
      const orphans = [...(await store.knownDeclarations()).records.values()]
        .filter(({ kind }) => kind === 'move-task')
        .map(({ value }) => JSON.parse(value) as MoveTask)
        .filter((task) => task.status === 'RUNNING' && !this.running.has(task.id) && this.isFree(task))
      for (const { id } of orphans) {
        const mine = await store.declare<MoveTask | undefined>((declared) => {
          const task = taskIn(declared, id)
          if (task?.status !== 'RUNNING' || !this.isFree(task)) return { changes: [], result: undefined }
          const taken = { ...task, owner: this.owner, ownedUntil: clock.now() + ownedMs }
          return { changes: [put(taken)], result: taken }
        })
        if (mine !== undefined) this.run(mine)
      }
    } catch (error) {
      this.options.log.debug({ err: error }, 'move tasks could not be looked at')
    }
  }

  /** Whether no other process works on it. Where a store is not shared there is none. */
  private isFree({ owner, ownedUntil }: MoveTask): boolean {
    const alone = this.options.store.lookAgainMs === undefined
    return (alone && owner !== this.owner) || ownedUntil < this.options.clock.now()
  }

  private run(task: MoveTask): void {
    this.running.set(task.id, task)
    this.work(task).catch((error: unknown) => {
      // Whoever has the store next goes on: the task is still running there.
      this.options.log.warn({ err: error, task: task.id }, 'a move task stopped; it is taken up again')
      this.running.delete(task.id)
    })
  }

  private async work(task: MoveTask): Promise<void> {
    const { clock } = this.options
    let persistedAt = clock.now()
    const began = clock.now()
    let allowance = 0
    for (;;) {
      if (this.closed) return
      const { rate } = task
      const due = rate === undefined ? stepMessages : Math.floor(((clock.now() - began) * rate) / 1000) - allowance
      const max = Math.min(stepMessages, due)
      const state = taskIn(await this.options.store.knownDeclarations(), task.id)?.status
      if (state !== 'RUNNING') break
      if (max > 0) {
        const ended = await this.step(task, max)
        if (rate !== undefined) allowance += max
        if (ended !== undefined) {
          await this.persist({ ...task, ...ended })
          break
        }
      }
      if (clock.now() - persistedAt >= persistEveryMs) {
        persistedAt = clock.now()
        await this.persist({ ...task, ownedUntil: persistedAt + ownedMs })
      }
      await this.pause(rate === undefined ? 0 : paceMs)
    }
    this.running.delete(task.id)
  }

  /** One step; how the task ended, where it did. */
  private async step(task: MoveTask, max: number): Promise<Pick<MoveTask, 'status' | 'failureReason'> | undefined> {
    const declared = await this.options.store.knownDeclarations()
    if (task.destination !== undefined && !declared.queues.has(task.destination)) {
      return { status: 'FAILED', failureReason: 'AWS.SimpleQueueService.NonExistentQueue' }
    }
    try {
      const { moved, more, stuck } = await this.options.store.move(task.source, targetsOf(task, declared), max)
      task.moved += moved
      if (stuck) return { status: 'FAILED', failureReason: 'CouldNotDetermineMessageSource' }
      return moved === 0 && !more ? { status: 'COMPLETED' } : undefined
    } catch (error) {
      if (!(error instanceof UnknownQueue)) throw error
      return { status: 'FAILED', failureReason: 'AWS.SimpleQueueService.NonExistentQueue' }
    }
  }

  private async persist(task: MoveTask): Promise<void> {
    await this.options.store.declare((declared) => ({
      changes: taskIn(declared, task.id)?.status === 'RUNNING' ? [put(task)] : [],
      result: undefined,
    }))
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer)
        resolve()
      }, ms)
      this.timers.add(timer)
    })
  }
}

const put = (task: MoveTask): DeclarationChange => ({
  put: 'record',
  record: { kind: 'move-task', id: task.id, value: JSON.stringify(task) },
})

function taskIn({ records }: Declarations, id: string): MoveTask | undefined {
  const record = records.get(recordKey('move-task', id))
  return record === undefined ? undefined : (JSON.parse(record.value) as MoveTask)
}

const tasksOf = ({ records }: Declarations, source: string): MoveTask[] =>
  [...records.values()]
    .filter(({ kind }) => kind === 'move-task')
    .map(({ value }) => JSON.parse(value) as MoveTask)
    .filter((task) => task.source === source)
    .sort((a, b) => b.startedAt - a.startedAt)

/** Most queues that a task without a destination spreads over. */
const maximumTargets = 100

function targetsOf(task: MoveTask, { queues }: Declarations): MoveTargets {
  if (task.destination !== undefined) return { anywhere: task.destination }
  const targets = [...queues.values()].filter(({ settings }) => settings.redrive?.deadLetterQueue === task.source)
  return { bySource: new Map(targets.slice(0, maximumTargets).map(({ arn, name }) => [arn, name])) }
}
