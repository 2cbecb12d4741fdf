import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { untilAnswers } from '../supervisor/answers.ts'
import { kafkaAnswers } from '../supervisor/kafka/kafka-answers.ts'
import { kafkaUnavailable, prepareKafka } from '../supervisor/kafka/kafka-server.ts'
import { assignPorts } from '../supervisor/ports.ts'
import { type EngineProcess, startEngineProcess } from './engine-process.ts'
import { testEngine } from './test-engine.ts'

export interface TestKafka extends EngineProcess {
  /** `host:port` of each broker. */
  brokers: string[]
}

export interface TestKafkaOptions {
  /** Settings of the broker on top of `kafka/config/server.properties`, `name=value`. */
  settings?: readonly string[]
  /** A further listener on `port`, which tells clients that the broker is at `advertised`; both on 127.0.0.1. */
  listener?: { port: number; advertised: number }
}

const kafka = testEngine('Kafka', 'FAULTLINE_TEST_KAFKA_BROKERS', () => kafkaUnavailable(process.cwd(), process.env))

export const kafkaMissing = kafka.missing

/**
 * A real Kafka: the one that `FAULTLINE_TEST_KAFKA_BROKERS` names, which cannot be killed from here; else one of its own
 * on free ports and in a temporary folder, which ends with this process. Use topic and group names of your own.
 */
export async function startTestKafka({ settings: more = [], listener }: TestKafkaOptions = {}): Promise<TestKafka> {
  const { given, notOurs } = kafka
  if (given !== undefined) return { brokers: given.split(','), ...notOurs }
  const folder = await mkdtemp(join(tmpdir(), 'faultline-kafka-'))
  const { broker: port = 0, controller: controllerPort = 0 } = await assignPorts(['broker', 'controller'], {})
  const signal = new AbortController().signal
  const settings = [...(listener ? withListener(port, controllerPort, listener) : []), ...more]
  const told = (): void => undefined
  const options = { root: process.cwd(), folder, port, controllerPort, env: process.env, settings, told, signal }
  const process_ = await startEngineProcess({
    name: 'kafka',
    command: () => prepareKafka(options),
    answers: (late) => untilAnswers(() => kafkaAnswers(port), late),
    cleanUp: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  })
  return { ...process_, brokers: [`127.0.0.1:${port}`] }
}

function withListener(port: number, controllerPort: number, listener: { port: number; advertised: number }): string[] {
  const at = (number: number): string => `127.0.0.1:${number}`
  return [
    `listeners=PLAINTEXT://${at(port)},CONTROLLER://${at(controllerPort)},FURTHER://${at(listener.port)}`,
    `advertised.listeners=PLAINTEXT://${at(port)},FURTHER://${at(listener.advertised)}`,
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,FURTHER:PLAINTEXT',
  ]
}
