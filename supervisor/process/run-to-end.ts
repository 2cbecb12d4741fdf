import { spawn } from 'node:child_process'
import type { Command } from './command.ts'

const keptCharacters = 20_000

export interface Ended {
  /** Null if a signal ended it. */
  code: number | null
  /** The end of what it said on both outputs. */
  said: string
}

/** Runs a program that ends by itself. Rejects if it cannot be started, or is ended through `signal`. */
export async function runToEnd({ program, args }: Command, cwd: string, signal: AbortSignal): Promise<Ended> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], signal })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-keptCharacters)
    })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, said }
}
