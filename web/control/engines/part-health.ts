import { connect } from 'node:net'
import type { PrismaClient } from '#prisma/generated/client.ts'

/** A part that is not a worker, and whether it answers. */
export interface PartHealth {
  name: 'broker' | 'database' | 'mailbox'
  up: boolean
  /** Why not, in words for a person. */
  problem?: string
}

export interface HealthProbe {
  health(): PartHealth
  stop(): void
}

/** Between two looks at a part, in milliseconds; sooner while it is down. */
const lookEveryMs = 2_000
const lookWhileDownEveryMs = 200

/** Looks at a part again and again. Until the first look has ended, the part counts as down. */
export function startHealthProbe(name: PartHealth['name'], look: () => Promise<void>): HealthProbe {
  let now: PartHealth = { name, up: false, problem: `the ${name} has not answered yet` }
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const round = async (): Promise<void> => {
    try {
      await look()
      now = { name, up: true }
    } catch (error) {
      now = { name, up: false, problem: `the ${name} does not answer: ${reasonOf(error)}` }
    }
    if (!stopped) timer = setTimeout(round, now.up ? lookEveryMs : lookWhileDownEveryMs)
  }
  void round()
  return {
    health: () => now,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/** Prisma wraps the words of the driver: `Raw query failed. Code: … Message: \`…\``, after lines of context. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error)
  const line = text.trim().split('\n').at(-1)?.trim() ?? text
  return /Message: `(.*)`$/.exec(line)?.[1] ?? line
}

export const databaseLook = (prisma: PrismaClient) => async (): Promise<void> => {
  await prisma.$queryRaw`SELECT 1`
}

/** Resolves where an SMTP server greets with 220 (RFC 5321, section 3.1). */
export function mailboxLook(smtpUrl: string, timeoutMs = 2_000): () => Promise<void> {
  const { hostname, port } = new URL(smtpUrl)
  return () =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 25) })
      const end = (error?: Error): void => {
        socket.destroy()
        if (error) reject(error)
        else resolve()
      }
      socket.setTimeout(timeoutMs, () => end(new Error(`no greeting within ${timeoutMs} ms`)))
      socket.once('error', end)
      socket.once('close', () => reject(new Error('the connection was closed before the greeting')))
      socket.once('data', (greeting) => {
        const text = greeting.toString('latin1')
        if (!text.startsWith('220')) return end(new Error(`it greets with "${text.trim().slice(0, 80)}"`))
        socket.write('QUIT\r\n', () => end())
      })
    })
}
