import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findJava } from '../supervisor/kafka/java.ts'
import { assignPorts } from '../supervisor/process/ports.ts'
import { startOwnKafka, type TestKafka } from './kafka.ts'

/** A Kafka as a managed one is: TLS with a certificate of its own authority, and users. */
export interface SecuredKafka extends TestKafka {
  /** `localhost:port`, where it also says that it is. Its certificate is for this name, and not for 127.0.0.1. */
  secured: string
  /** `kafka.test:port`, where it says that it is; only the port, on 127.0.0.1, is real. Its certificate is for this name, too. */
  elsewhere: string
  /** PEM file with the certificate of the authority. */
  ca: string
}

/** Known to it by every mechanism. */
export const securedUser = { username: 'lab', password: 'lab-secret' }
/** A name that no name server knows. */
export const elsewhereHost = 'kafka.test'
const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
const storePassword = 'only-in-this-folder'

/** Its two listeners take nobody without TLS and a password. Ends with this process. */
export async function startSecuredKafka(): Promise<SecuredKafka> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-secured-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    const { secured = 0, elsewhere = 0 } = await assignPorts(['secured', 'elsewhere'], {})
    const { store, ca } = await makeCertificates(folder)
    const addresses = { secured: `localhost:${secured}`, elsewhere: `${elsewhereHost}:${elsewhere}` }
    const kafka = await startOwnKafka({
      listeners: [
        { name: 'SECURED', port: secured, advertised: addresses.secured, protocol: 'SASL_SSL' },
        { name: 'ELSEWHERE', port: elsewhere, advertised: addresses.elsewhere, protocol: 'SASL_SSL' },
      ],
      settings: [
        `ssl.keystore.location=${store}`,
        'ssl.keystore.type=PKCS12',
        `ssl.keystore.password=${storePassword}`,
        ...['secured', 'elsewhere'].flatMap(securityOf),
      ],
      formatting: mechanisms.slice(1).flatMap((mechanism) => ['--add-scram', scramOf(mechanism)]),
    })
    const stop = () => kafka.stop().finally(remove)
    return { ...kafka, ...addresses, ca, stop }
  } catch (error) {
    await remove()
    throw error
  }
}

const scramOf = (mechanism: string): string =>
  `${mechanism}=[name=${securedUser.username},password=${securedUser.password}]`

function securityOf(listener: string): string[] {
  const { username, password } = securedUser
  const module = 'org.apache.kafka.common.security'
  const plain = `${module}.plain.PlainLoginModule required user_${username}="${password}";`
  const name = `listener.name.${listener}`
  return [
    `${name}.sasl.enabled.mechanisms=${mechanisms.join()}`,
    `${name}.plain.sasl.jaas.config=${plain}`,
    ...mechanisms
      .slice(1)
      .map((scram) => `${name}.${scram.toLowerCase()}.sasl.jaas.config=${module}.scram.ScramLoginModule required;`),
  ]
}

/** An authority, and a key that it has signed, by the `keytool` that every Java brings. */
async function makeCertificates(folder: string): Promise<{ store: string; ca: string }> {
  const java = await findJava(process.env)
  const store = join(folder, 'server.p12')
  const ca = join(folder, 'ca.pem')
  const keytool = (...args: string[]) =>
    promisify(execFile)(join(dirname(java.path), 'keytool'), [
      ...args,
      ...['-keystore', store, '-storetype', 'PKCS12', '-storepass', storePassword],
    ])
  const generate = (alias: string, ...more: string[]) =>
    keytool('-genkeypair', '-alias', alias, '-dname', `CN=${alias}`, '-keyalg', 'EC', '-validity', '2', ...more)
  await generate('authority', '-ext', 'bc:c', '-ext', 'ku:c=keyCertSign')
  await generate('server', '-signer', 'authority', '-ext', `san=dns:localhost,dns:${elsewhereHost}`)
  await keytool('-exportcert', '-rfc', '-alias', 'authority', '-file', ca)
  await keytool('-delete', '-alias', 'authority')
  return { store, ca }
}
