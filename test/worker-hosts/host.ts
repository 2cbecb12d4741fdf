import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process of the lab as a container or an init system starts it: from the built file, with nothing but its environment. */
export interface HostProcess {
  /** What it printed so far. */
  output(): string
  /** SIGKILL to it and all that it started; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>
}

/** Starts `dist/NAME.js` in a process group of its own. */
export function startHostProcess(name: string, env: Record<string, string>): HostProcess {
  const child: ChildProcess = spawn(process.execPath, [`dist/${name}.js`], {
    ...{ detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { PATH: process.env.PATH, NODE_ENV: 'production', LOG_LEVEL: 'info', ...env },
  })
  const exited = once(child, 'exit')
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  const signal = (which: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, which)
  }
  // Who started it may end in the middle of something.
  const endWithUs = (): void => signal('SIGKILL')
  process.once('exit', endWithUs)
  const end = async (which: NodeJS.Signals): Promise<void> => {
    signal(which)
    await exited
    process.off('exit', endWithUs)
  }
  return { output: () => printed, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}
