import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { workersOf } from '#contracts/lab.ts'
import { defaultLabFile } from '#contracts/lab-file/choose-lab-file.ts'
import { loadLab } from '#contracts/load-lab.ts'
import { initialLab, wiringOf } from '#web/control/lab/declared-lab.ts'
import { createBroker } from '#workers/broker/create-broker.ts'
import { enginePlans } from '../../supervisor/parts/engine-parts.ts'
import { portNames, processParts } from '../../supervisor/parts/parts.ts'
import { Child, type ChildSurroundings } from '../../supervisor/process/child.ts'
import { assignPorts, freePort } from '../../supervisor/process/ports.ts'
import { RunFile } from '../../supervisor/process/run-file.ts'
import { readSettings } from '../../supervisor/settings/settings.ts'
import { until } from '../../test/until.ts'
import { answerOf } from '../child-answer.ts'
import type { AskReceiver, ReceiverFigures } from './messages.ts'

export interface UnwatchedPipe {
  /** Begins to publish `count` orders; resolves when the producer has begun. */
  burst(count: number): Promise<void>
  /** Resolves when the sidecars have handed over their telemetry; the frames that were taken so far. */
  handedOver(): Promise<number>
  stop(): Promise<void>
}

const root = process.cwd()
const receiverName = 'the receiver of telemetry'
const declared = await loadLab(defaultLabFile(root))
const workers = workersOf(declared).length
const readyMs = 60_000

/**
 * Simulator, sidecars and workers as `npm start` starts them, from the same built files, with the database and the mailbox of a lab
 * that runs; in place of web, a receiver that acknowledges telemetry and keeps nothing.
 */
export async function startUnwatchedPipe(lab: { DATABASE_URL: string; SMTP_URL: string }): Promise<UnwatchedPipe> {
  const dataDir = mkdtempSync(join(tmpdir(), 'faultline-unwatched-'))
  const port = await freePort()
  const settings = readSettings(dataDir, {
    ...process.env,
    ...{ ...lab, PORT: String(port), FAULTLINE_DATA_DIR: dataDir, BROKER: 'local' },
  })
  const ports = await assignPorts(portNames(settings), {})
  const input = { lab: declared, settings, root, dist: join(root, 'dist'), ports, databaseUrl: lab.DATABASE_URL }
  const simulator = enginePlans(input).find(({ name }) => name === 'sns-sqs')?.part
  const { sidecars } = processParts(input, { opened() {}, message() {}, closed() {} })
  if (simulator === undefined)
    throw new Error('AWS_ENDPOINT_URL is set: unset it, each side has a simulator of its own')

  const terminal = { done() {}, say() {}, warn: (line: string) => console.error(`without the ledger: ${line}`) }
  const around: ChildSurroundings = {
    ...{ root, terminal, runFile: new RunFile(dataDir), logFolder: join(dataDir, 'logs'), stopping: () => stopping },
  }
  let stopping = false
  const started: Child[] = []
  const start = async (part: typeof simulator): Promise<void> => {
    const child = new Child(part, around)
    started.push(child)
    await child.start(readyMs)
  }
  let receiver: ChildProcess | undefined
  async function stop(): Promise<void> {
    stopping = true
    // Sidecars first, as in a lab; the simulator was the first to start.
    await Promise.all(started.slice(1).map((child) => child.stop()))
    await started[0]?.stop()
    receiver?.kill()
    rmSync(dataDir, { recursive: true, force: true })
  }
  async function ask(question: AskReceiver): Promise<ReceiverFigures> {
    if (receiver === undefined) throw new Error(`${receiverName} has not been started`)
    const answer = answerOf<ReceiverFigures>(receiver, receiverName)
    receiver.send(question)
    return await answer
  }

  try {
    await start(simulator)
    const endpoint = `http://127.0.0.1:${simulator.port}`
    const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' }
    const broker = createBroker({ broker: 'local', endpoint, region: 'us-east-1', credentials })
    await broker.declare(wiringOf(initialLab(declared)))
    await broker.close()
    receiver = fork(fileURLToPath(new URL('./receiver.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...sidecars[0]?.env, PORT: String(port) },
    })
    await answerOf<ReceiverFigures>(receiver, receiverName)
    await Promise.all(sidecars.map(start))
    await until('workers without a ledger', async () => (await ask({})).up === workers, readyMs)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    burst: async (count) => void (await ask({ count })),
    async handedOver() {
      const figures = await until('the last telemetry', async () => {
        const now = await ask({})
        return now.onTheWay === 0 && now
      })
      return figures.frames
    },
    stop,
  }
}
