import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process of the bench that says lines: its port first. */
export interface LineProcess {
  port: number
  pid: number
  /** Ends its standard input and resolves, when it is gone, to what it said last. */
  stop(): Promise<string>
}

/** Starts `file` from its source and waits for the port that it prints. */
export async function startLineProcess(file: string, env: Record<string, string> = {}): Promise<LineProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const closed = once(child, 'close')
  const lines = createInterface({ input: child.stdout })
  let last = ''
  lines.on('line', (line) => {
    last = line
  })
  await once(lines, 'line')
  const port = Number(last)
  return {
    ...{ port, pid: child.pid ?? 0 },
    async stop() {
      child.stdin.end()
      await closed
      return last
    },
  }
}
