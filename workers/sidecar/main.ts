import { fstatSync } from 'node:fs'
import { readSidecarEnv, type SidecarEnv } from './env.ts'
import { createPrinter } from './replicas/printer.ts'
import { startSidecar } from './sidecar.ts'

function refuse(error: unknown, code: number): never {
  process.stderr.write(`sidecar: ${error instanceof Error ? error.message : error}\n`)
  process.exit(code)
}

function readEnv(): SidecarEnv {
  try {
    return readSidecarEnv(process.env)
  } catch (error) {
    refuse(error, 2)
  }
}

const env = readEnv()
const printer = createPrinter()
// What is written if nobody listens any more ends nothing.
process.stderr.on('error', () => undefined)
const sidecar = await startSidecar({ env, printer }).catch((error: unknown) => refuse(error, 1))

const stop = (reason: string): void => {
  sidecar.stop(reason).then(
    () => process.exit(0),
    (error: unknown) => refuse(error, 1),
  )
}
process.on('SIGTERM', () => stop('SIGTERM'))
process.on('SIGINT', () => stop('SIGINT'))
// A closed terminal is not the end of a sidecar; the supervisor's end is.
process.on('SIGHUP', () => undefined)
// A supervisor holds the other end of a pipe. A terminal is no parent watchdog, nor is `/dev/null`, as containers have it.
const input = fstatSync(0)
if (input.isFIFO() || input.isSocket()) {
  process.stdin.on('end', () => stop('the supervisor is gone'))
  process.stdin.on('error', () => stop('the supervisor is gone'))
  process.stdin.resume()
}
printer.print(JSON.stringify({ ready: true, service: env.service, pid: process.pid }))
