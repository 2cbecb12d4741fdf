import { kafka } from './kafka.ts'
import { local } from './local.ts'
import { redis } from './redis.ts'

/** Every broker that the lab can run on, in the order in which they are offered; the first is the default. A new one needs one line here. */
export const brokers = [local, redis, kafka] as const
