import { spawn } from 'node:child_process'
import { root } from './root.mjs'

/** A command that failed, with what it said. */
export class CommandFailed extends Error {
  constructor(name, output, reason) {
    super(`${name} failed (${reason})`)
    this.name = 'CommandFailed'
    this.output = output
  }
}

/** Runs a command to its end without showing its output; rejects with `CommandFailed`. Gives the output. */
export function runCommand(name, command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const take = (text) => {
      output = (output + text).slice(-20_000)
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    child.once('error', (error) => reject(new CommandFailed(name, output, error.message)))
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new CommandFailed(name, output, signal ?? `exit code ${code}`))
    })
  })
}
