import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { io } from 'socket.io-client'
import { agentNamespace, packTelemetry, type TelemetryFrame, telemetryAck } from '#contracts/protocols/agent.ts'
import { frameOf, groups } from '../../web/control/intake/system.fixture.ts'
import { wholeLife } from '../../web/control/journeys/telemetry-life.fixture.ts'
import { answerOf } from '../child-answer.ts'
import { percentile } from '../statistics.ts'
import type { WebAnswer, WebTask } from './world.ts'

export interface WebWorld {
  port: number
  /** Hands the telemetry of so many further messages over as a sidecar does; `handled`: delivered to both groups, too. */
  take(messages: number, options?: { ratePerSecond?: number; handled?: boolean }): Promise<void>
  figures(): Promise<WebAnswer>
  /** 95th percentile of looking each id up, in milliseconds. Rejects where one is not found. */
  byId(ids: string[]): Promise<number>
  /** The same of pages of so many rows at most, each text until it is found. */
  byText(texts: string[], limit: number): Promise<number>
  stop(): Promise<void>
}

const token = 'token-of-the-bench'
const name = "web's process"
/** Messages of one frame at most, and frames that are on their way at a time. */
const batch = 500
const window = 4
const everyMs = 50

/** A process of its own with web's side of telemetry, and one sidecar that feeds it. */
export async function startWebWorld(directory: string): Promise<WebWorld> {
  const child = fork(fileURLToPath(new URL('./world.ts', import.meta.url)), [directory, token], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  })
  const ended = once(child, 'exit')
  const { port } = await answerOf<WebAnswer>(child, name)
  const socket = io(`http://127.0.0.1:${port}${agentNamespace}`, {
    ...{ auth: { token, service: 'producer', sidecarId: 'bench' }, transports: ['websocket'] },
  })
  socket.on('configure', (_config: unknown, reply: (answer: unknown) => void) => reply({ id: 0, ok: true }))
  await once(socket as unknown as NodeJS.EventEmitter, 'connect')
  let published = 0
  let frames = 0

  const ask = async (task: WebTask): Promise<WebAnswer> => {
    child.send(task)
    return answerOf<WebAnswer>(child, name)
  }
  function nextFrame(count: number, handled: boolean): TelemetryFrame {
    frames += 1
    const life = wholeLife(published + 1, count, handled ? groups : [], Date.now())
    published += count
    return frameOf('producer', frames, life)
  }
  async function push(frame: TelemetryFrame): Promise<void> {
    const taken = telemetryAck.parse(await socket.timeout(60_000).emitWithAck('telemetry', packTelemetry([frame])))
    if (taken.acked.length === 0) throw new Error('void: web did not take a frame')
  }
  async function p95(task: WebTask, sought: number): Promise<number> {
    const { took, found } = await ask(task)
    if (found !== sought) throw new Error(`void: ${found} of ${sought} were found`)
    return percentile(took, 0.95)
  }
  return {
    port,
    async take(messages, { ratePerSecond = Number.POSITIVE_INFINITY, handled = true } = {}) {
      const before = await ask({ figures: true })
      // At a rate, frames are made before the clock starts: making them must not slow what is measured.
      const each = Math.max(1, Math.min(batch, Math.round((ratePerSecond * everyMs) / 1_000)))
      const count = (sent: number): number => Math.min(each, messages - sent)
      const made: TelemetryFrame[] = []
      if (ratePerSecond !== Number.POSITIVE_INFINITY)
        for (let sent = 0; sent < messages; sent += each) made.push(nextFrame(count(sent), handled))
      const onTheWay = new Set<Promise<void>>()
      const begun = performance.now()
      for (let sent = 0; sent < messages; sent += each) {
        // Open loop: a frame that is late goes at once, those that are not due wait.
        const early = (sent / ratePerSecond) * 1_000 - (performance.now() - begun)
        if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
        const one: Promise<void> = push(made.shift() ?? nextFrame(count(sent), handled)).finally(() => {
          onTheWay.delete(one)
        })
        onTheWay.add(one)
        if (onTheWay.size >= window) await Promise.race(onTheWay)
      }
      await Promise.all(onTheWay)
      const seconds = (performance.now() - begun) / 1_000
      if (messages / seconds < ratePerSecond * 0.9 && ratePerSecond !== Number.POSITIVE_INFINITY)
        throw new Error(`void: ${Math.round(messages / seconds)} messages a second, not ${ratePerSecond}`)
      const after = await ask({ figures: true })
      const delivered = handled ? messages : 0
      if (after.owed - before.owed !== messages || after.delivered - before.delivered !== delivered)
        throw new Error(`void: ${after.owed - before.owed} owed and ${after.delivered - before.delivered} delivered`)
    },
    figures: () => ask({ figures: true }),
    byId: (ids) => p95({ ids }, ids.length),
    byText: (texts, limit) => p95({ texts, limit }, texts.length),
    async stop() {
      socket.close()
      child.kill('SIGKILL')
      await ended
    },
  }
}
