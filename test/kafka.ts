import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaAnswers } from '../supervisor/kafka/kafka-answers.ts'
import { kafkaUnavailable, prepareKafka } from '../supervisor/kafka/kafka-server.ts'
import { untilAnswers } from '../supervisor/process/answers.ts'
import { assignPorts } from '../supervisor/process/ports.ts'
import { type EngineProcess, startEngineProcess } from './engine-process.ts'
import { testEngine } from './test-engine.ts'

export interface TestKafka extends EngineProcess {
  /** `host:port` of each broker. */
  brokers: string[]
}

export interface TestKafkaOptions {
  /** Settings of the broker on top of `kafka/config/server.properties`, `name=value`. */
  settings?: readonly string[]
  /** Listeners beside the plain one of `brokers`. */
  listeners?: readonly TestListener[]
  /** Further arguments of `StorageTool format`. */
  formatting?: readonly string[]
}

/** A further listener on `port` of 127.0.0.1, which gives clients the address `advertised`, `host:port`. */
export interface TestListener {
  /** Upper case. */
  name: string
  port: number
  advertised: string
  /** Default: no security at all. */
  protocol?: 'PLAINTEXT' | 'SASL_SSL'
}

const kafka = testEngine('Kafka', 'FAULTLINE_TEST_KAFKA_BROKERS', () => kafkaUnavailable(process.cwd(), process.env))

export const kafkaMissing = kafka.missing
/** For `startOwnKafka`. */
export const ownKafkaMissing = kafka.ownMissing

/**
 * A real Kafka: the one that `FAULTLINE_TEST_KAFKA_BROKERS` names, which cannot be killed from here; else one of its own
 * on free ports and in a temporary folder, which ends with this process. Use topic and group names of your own.
 */
export async function startTestKafka(options: TestKafkaOptions = {}): Promise<TestKafka> {
  const { given, notOurs } = kafka
  return given === undefined ? startOwnKafka(options) : { brokers: given.split(','), ...notOurs }
}

/** As `startTestKafka`, and a Kafka of its own in any case. */
export async function startOwnKafka(wanted: TestKafkaOptions = {}): Promise<TestKafka> {
  const { settings: more = [], listeners = [], formatting = [] } = wanted
  const folder = await mkdtemp(join(tmpdir(), 'faultline-kafka-'))
  const { broker: port = 0, controller: controllerPort = 0 } = await assignPorts(['broker', 'controller'], {})
  const signal = new AbortController().signal
  const settings = [...(listeners.length > 0 ? withListeners(port, controllerPort, listeners) : []), ...more]
  const progress = (): void => undefined
  const addresses = { folder, port, controllerPort }
  const options = { root: process.cwd(), ...addresses, env: process.env, settings, formatting, progress, signal }
  const process_ = await startEngineProcess({
    name: 'kafka',
    command: () => prepareKafka(options),
    answers: (late) => untilAnswers(() => kafkaAnswers(port), late),
    cleanUp: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  })
  return { ...process_, brokers: [`127.0.0.1:${port}`] }
}

function withListeners(port: number, controllerPort: number, further: readonly TestListener[]): string[] {
  const at = (number: number): string => `127.0.0.1:${number}`
  const all = [{ name: 'PLAINTEXT', port, advertised: at(port) }, ...further]
  const bound = [...all, { name: 'CONTROLLER', port: controllerPort }]
  const protocols = ['CONTROLLER:PLAINTEXT', 'PLAINTEXT:PLAINTEXT']
  return [
    `listeners=${bound.map((listener) => `${listener.name}://${at(listener.port)}`).join()}`,
    `advertised.listeners=${all.map((listener) => `${listener.name}://${listener.advertised}`).join()}`,
    `listener.security.protocol.map=${[...protocols, ...further.map(({ name, protocol = 'PLAINTEXT' }) => `${name}:${protocol}`)].join()}`,
  ]
}
