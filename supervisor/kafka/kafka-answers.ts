import { ask } from '../process/answers.ts'

const metadataKey = 3
const metadataVersion = 1
const clientId = 'faultline-supervisor'

/** A metadata request about no topic: https://kafka.apache.org/protocol, header version 1. */
function metadataRequest(): Buffer {
  const body = Buffer.alloc(2 + 2 + 4 + 2 + clientId.length + 4)
  body.writeInt16BE(metadataKey, 0)
  body.writeInt16BE(metadataVersion, 2)
  body.writeInt32BE(1, 4)
  body.writeInt16BE(clientId.length, 8)
  body.write(clientId, 10, 'latin1')
  body.writeInt32BE(0, 10 + clientId.length)
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

/**
 * Resolves where a Kafka broker on this port answers and serves: it names at least one broker, itself, which it does
 * only when the controller has let it in. One that merely listens is not ready.
 */
export async function kafkaAnswers(port: number): Promise<void> {
  const whole = (answer: Buffer) => answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)
  const answer = await ask(port, metadataRequest(), whole)
  const brokers = answer.length < 12 ? 0 : answer.readInt32BE(8)
  if (brokers < 1) throw new Error('the broker is not registered yet')
}
