import { z } from 'zod'
import type { LogLine } from './log-export.ts'

const pinoLine = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().optional(),
  messageId: z.string().optional(),
  traceId: z.string().optional(),
})

/** A stream for pino that hands each line on; what is not a line of pino's is left out. */
export function pinoStream(service: string, push: (line: LogLine) => void): { write(text: string): void } {
  return {
    write(text) {
      const parsed = pinoLine.safeParse(JSON.parse(text))
      if (!parsed.success) return
      const { level, time, msg = '', messageId, traceId, pid: _, hostname: __, name: ___, ...fields } = parsed.data
      push({
        ...{ at: time, service, instance: service, message: msg.slice(0, 8_000) },
        level: level >= 50 ? 'error' : level >= 40 ? 'warn' : level >= 30 ? 'info' : 'debug',
        ...(messageId === undefined ? {} : { messageId }),
        ...(traceId === undefined ? {} : { traceId }),
        ...(Object.keys(fields).length === 0 ? {} : { fields }),
      })
    },
  }
}
