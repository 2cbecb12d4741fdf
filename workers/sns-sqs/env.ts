import { z } from 'zod'
import { defaultAccount } from './semantics/names.ts'
import { namespacePattern } from './stores/redis/keys.ts'

/** The environment of the simulator's process. Read once, here. */
export const simulatorEnv = z.object({
  /** 0: any free port. */
  SNS_SQS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SNS_SQS_HOST: z.string().min(1).default('127.0.0.1'),
  /** Folder of the journal. Absent: memory only, and nothing survives the process. */
  SNS_SQS_DATA_DIR: z.string().min(1).optional(),
  /** With it, a second listener serves queues that are kept in this Redis: `redis://` or `rediss://`. */
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be redis://[user:password@]host:port or rediss://…' })
    .optional(),
  /** Port of that listener. 0: any free port. */
  SNS_SQS_REDIS_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Simulators of one name on one Redis share their queues. */
  SNS_SQS_REDIS_NAMESPACE: z
    .string()
    .regex(namespacePattern, 'must have 1 to 64 letters, digits, dots, dashes or underscores')
    .default('faultline'),
  /** The account of requests that name none. */
  SNS_SQS_ACCOUNT: z
    .string()
    .regex(/^\d{12}$/, 'must have twelve digits')
    .default(defaultAccount),
  /** `1`: requests must be signed with the secret in `AWS_SECRET_ACCESS_KEY`. */
  SNS_SQS_VERIFY_SIGNATURES: z.enum(['0', '1']).default('0'),
  /** `1`: calls of FIFO queues are refused beyond AWS's limits of throughput. */
  SNS_SQS_FIFO_LIMITS: z.enum(['0', '1']).default('0'),
  AWS_SECRET_ACCESS_KEY: z.string().min(1).default('test'),
  /** A file of queues and topics to begin with, YAML or JSON. */
  SNS_SQS_INIT: z.string().min(1).optional(),
  /** Seconds after which the name of a deleted queue can be used again. AWS has 60. */
  SNS_SQS_RECREATE_AFTER: z.coerce.number().int().min(0).max(60).default(60),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
})
