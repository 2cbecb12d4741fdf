import { z } from 'zod'

/** A program that the lab needs and that is not a part of its own code paths: a broker, a database, a mail server. */
export const engineName = z.enum(['kafka', 'redis', 'sns-sqs', 'postgres', 'mailbox'])
export type EngineName = z.infer<typeof engineName>
