import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { io } from 'socket.io-client'
import { agentNamespace, packTelemetry, type TelemetryFrame, telemetryAck } from '#contracts/protocols/agent.ts'
import { givesMemoryBack } from '../../supervisor/parts/malloc.ts'
import { frameOf, groups } from '../../web/control/intake/system.fixture.ts'
import { wholeLife } from '../../web/control/journeys/telemetry-life.fixture.ts'
import { answerOf } from '../child-answer.ts'
import { percentile } from '../statistics.ts'
import { openReader } from './reader.ts'
import type { WebAnswer } from './world.ts'

export interface WebWorld {
  port: number
  /** Hands the telemetry of so many further messages over as a sidecar does; `handled`: delivered to both groups, too. */
  take(messages: number, options?: { ratePerSecond?: number; handled?: boolean }): Promise<void>
  figures(): Promise<WebAnswer>
  /** 95th percentile of asking for each by its id over HTTP, in milliseconds. Rejects if one is not found. */
  byId(ids: string[]): Promise<number>
  /** The same of pages of so many rows at most, each text page by page until it is found. */
  byText(texts: string[], limit: number): Promise<number>
  stop(): Promise<void>
}

const token = 'token-of-the-bench'
const name = "web's process"
/** Messages of one frame at most, as many as a producer hands to its broker at a time. */
const frameMessages = 100
/** Messages of one push at most, and pushes that are on their way at a time. */
const batch = 500
const window = 4
const everyMs = 50

/** A process of its own with web's side of telemetry, and one sidecar that feeds it. */
export async function startWebWorld(directory: string): Promise<WebWorld> {
  const child = fork(fileURLToPath(new URL('./world.ts', import.meta.url)), [directory, token], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    // As the lab starts web.
    env: { ...givesMemoryBack, ...process.env },
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

  const figures = async (): Promise<WebAnswer> => {
    child.send('figures')
    return answerOf<WebAnswer>(child, name)
  }
  const reader = openReader(port)
  function nextFrames(count: number, handled: boolean): TelemetryFrame[] {
    const made: TelemetryFrame[] = []
    for (let left = count; left > 0; left -= frameMessages) {
      const messages = Math.min(left, frameMessages)
      frames += 1
      made.push(frameOf('producer', frames, wholeLife(published + 1, messages, handled ? groups : [], Date.now())))
      published += messages
    }
    return made
  }
  async function push(pushed: readonly TelemetryFrame[]): Promise<void> {
    const taken = telemetryAck.parse(await socket.timeout(60_000).emitWithAck('telemetry', packTelemetry(pushed)))
    if (taken.acked[0]?.seq !== pushed.at(-1)?.seq) throw new Error('void: web did not take a frame')
  }
  async function p95<Sought>(all: readonly Sought[], look: (sought: Sought) => Promise<boolean>): Promise<number> {
    const took: number[] = []
    for (const sought of all) {
      const begun = performance.now()
      if (!(await look(sought))) throw new Error(`void: ${sought} was not found`)
      took.push(performance.now() - begun)
    }
    return percentile(took, 0.95)
  }
  return {
    port,
    async take(messages, { ratePerSecond = Number.POSITIVE_INFINITY, handled = true } = {}) {
      const before = await figures()
      // At a rate, frames are made before the clock starts: making them must not slow what is measured.
      const each = Math.max(1, Math.min(batch, Math.round((ratePerSecond * everyMs) / 1_000)))
      const count = (sent: number): number => Math.min(each, messages - sent)
      const made: TelemetryFrame[][] = []
      if (ratePerSecond !== Number.POSITIVE_INFINITY)
        for (let sent = 0; sent < messages; sent += each) made.push(nextFrames(count(sent), handled))
      const onTheWay = new Set<Promise<void>>()
      const begun = performance.now()
      for (let sent = 0; sent < messages; sent += each) {
        // Open loop: a frame that is late goes at once, those that are not due wait.
        const early = (sent / ratePerSecond) * 1_000 - (performance.now() - begun)
        if (early > 1) await new Promise((resolve) => setTimeout(resolve, early))
        const one: Promise<void> = push(made.shift() ?? nextFrames(count(sent), handled)).finally(() => {
          onTheWay.delete(one)
        })
        onTheWay.add(one)
        if (onTheWay.size >= window) await Promise.race(onTheWay)
      }
      await Promise.all(onTheWay)
      const seconds = (performance.now() - begun) / 1_000
      if (messages / seconds < ratePerSecond * 0.9 && ratePerSecond !== Number.POSITIVE_INFINITY)
        throw new Error(`void: ${Math.round(messages / seconds)} messages a second, not ${ratePerSecond}`)
      const after = await figures()
      const delivered = handled ? messages : 0
      if (after.owed - before.owed !== messages || after.delivered - before.delivered !== delivered)
        throw new Error(`void: ${after.owed - before.owed} owed and ${after.delivered - before.delivered} delivered`)
    },
    figures,
    byId: (ids) => p95(ids, reader.byId),
    byText: (texts, limit) => p95(texts, (text) => reader.byText(text, limit)),
    async stop() {
      socket.close()
      reader.close()
      child.kill('SIGKILL')
      await ended
    },
  }
}
