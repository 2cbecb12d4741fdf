import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './lab.ts'
import { until } from './until.ts'

/** A real Redis of its own: free port, temporary folder, append-only file. */
export interface RedisServer {
  url: string
  port: number
  /** SIGKILL: what it had not written is lost. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder; resolves when it answers. */
  restart(): Promise<void>
  /** SIGSTOP and SIGCONT. */
  pause(): void
  resume(): void
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

/** `settings` as redis-server takes them: `['--maxmemory', '4mb']`. Default: appendonly yes, appendfsync always. */
export async function startRedis(settings: string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-redis-'))
  const port = await freePort()
  let child: ChildProcess
  const start = async () => {
    const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes']
    child = spawn('redis-server', [...fixed, '--appendfsync', 'always', ...settings], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let printed = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    let failure = ''
    child.on('error', (error) => {
      failure = error.message
    })
    await until('a redis that answers', async () => {
      if (failure !== '' || child.exitCode !== null) throw new Error(`redis-server ended: ${failure}\n${printed}`)
      return answers(port)
    })
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => end('SIGKILL'),
    restart: start,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Whether it says PONG: not while it is still reading its file. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.setTimeout(500, () => socket.destroy())
    socket.on('data', (data) => {
      resolve(data.toString().startsWith('+PONG'))
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
  })
}
