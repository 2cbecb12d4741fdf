import { readFileSync } from 'node:fs'
import { type BrokerName, brokerName, brokerOf } from '#contracts/brokers/broker-name.ts'
import { addressTextOf, type BrokerSettings } from '#contracts/brokers/broker-settings.ts'
import type { BrokerOptions } from './create-broker.ts'

/**
 * What `createBroker` needs to reach `broker`. Throws a sentence that names the variable where an address is missing, a
 * file cannot be read, or AWS itself would be used without having been asked for (docs/adr/0007-aws-opt-in.md).
 */
export function brokerOptionsOf<Name extends BrokerName>(settings: BrokerSettings, broker: Name): BrokerOptions<Name> {
  // What each of them reads is a part of all settings.
  const { certificates = [], options } = brokerOf(broker) as {
    certificates?: readonly string[]
    options: (settings: BrokerSettings) => object
  }
  const read = Object.entries(settings).map(([name, value]) => [
    name,
    certificates.includes(name) && typeof value === 'string' ? readPem(name, value) : value,
  ])
  return { broker, ...options(Object.fromEntries(read) as BrokerSettings) } as BrokerOptions<Name>
}

/**
 * Throws as `brokerOptionsOf` does where a broker is named and what is said of it cannot be. For the start of a process: it need not run
 * on that broker now to be switched to it later.
 */
export function requireBrokerSettings(settings: BrokerSettings): void {
  for (const broker of brokerName.options)
    if (addressTextOf(broker, settings) !== undefined) brokerOptionsOf(settings, broker)
}

const certificate = '-----BEGIN CERTIFICATE-----'

/** The content of a file; or the given text itself, which reaches a container without a mount. */
function readPem(variable: string, file: string): string {
  if (file.includes(certificate)) return file
  let pem: string
  try {
    pem = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${variable}: ${file} cannot be read (${error instanceof Error ? error.message : error})`)
  }
  if (!pem.includes(certificate)) throw new Error(`${variable}: ${file} holds no PEM certificate`)
  return pem
}
