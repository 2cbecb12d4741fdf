import { z } from 'zod'

/** The environment of the simulator's process. Read once, here. */
export const simulatorEnv = z.object({
  /** 0: any free port. */
  SNS_SQS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SNS_SQS_HOST: z.string().min(1).default('127.0.0.1'),
  /** Folder of the journal. Absent: memory only, and nothing survives the process. */
  SNS_SQS_DATA_DIR: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
})
