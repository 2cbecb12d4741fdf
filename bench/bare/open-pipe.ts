import { kafkaPipe } from './kafka-pipe.ts'
import type { BarePipe } from './pipe.ts'
import { sqsPipe } from './sqs-pipe.ts'

/** The client of the broker that `bareEnvironment` configured for this process. */
export const openPipe = ({ BARE_KAFKA, BARE_ENDPOINT = '' }: Record<string, string | undefined>): BarePipe =>
  BARE_KAFKA === undefined ? sqsPipe(BARE_ENDPOINT) : kafkaPipe(BARE_KAFKA.split(','))
