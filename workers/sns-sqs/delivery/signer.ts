import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { SimulatorClock } from '../clock.ts'
import { selfSignedCertificate } from '../semantics/signing/certificate.ts'
import { recordKey } from '../stores/declarations.ts'
import type { QueueStore } from '../stores/queue-store.ts'

const generate = promisify(generateKeyPair)

interface Identity {
  privateKey: KeyObject
  /** PEM. */
  privatePem: string
  certificate: string
  /** The path under which the certificate is served. */
  path: string
}

/** `1`: SHA-1, `2`: SHA-256, as the topic's SignatureVersion says. */
export type SignatureVersion = '1' | '2'

const certificateHosts = ['localhost', '127.0.0.1', 'localhost.localstack.cloud', 'sns-sqs']

/**
 * Signs what topics send. The key is made when it is first needed and kept among the declarations, so that a restart and a second
 * simulator of the same store sign with it too.
 */
export class Signer {
  private readonly store: QueueStore
  private readonly clock: SimulatorClock
  private identity: Promise<Identity> | undefined

  constructor(store: QueueStore, clock: SimulatorClock) {
    this.store = store
    this.clock = clock
  }

  /** The signature of a text, in base64. */
  async sign(text: string, version: SignatureVersion): Promise<string> {
    const { privateKey } = await this.own()
    return new Promise((resolve, reject) => {
      sign(version === '2' ? 'sha256' : 'sha1', Buffer.from(text), privateKey, (error, signature) => {
        if (error === null) resolve(signature.toString('base64'))
        else reject(error)
      })
    })
  }

  /** Path of the certificate's URL. */
  async path(): Promise<string> {
    return (await this.own()).path
  }

  /** The certificate in PEM, where the path is that of it. */
  async certificateAt(path: string): Promise<string | undefined> {
    const { certificate, path: own } = await this.own()
    return path === own ? certificate : undefined
  }

  /** Key and certificate for TLS on the same port. */
  async tls(): Promise<{ key: string; cert: string }> {
    const { privatePem, certificate } = await this.own()
    return { key: privatePem, cert: certificate }
  }

  /** Makes or reads the key again: everything was deleted. */
  forget(): void {
    this.identity = undefined
  }

  private own(): Promise<Identity> {
    this.identity ??= this.readOrMake().catch((error: unknown) => {
      this.identity = undefined
      throw error
    })
    return this.identity
  }

  private async readOrMake(): Promise<Identity> {
    const key = recordKey('signing', 'key')
    const known = (await this.store.declarations()).records.get(key)
    if (known !== undefined) return read(known.value)
    const { privateKey } = await generate('rsa', { modulusLength: 2048 })
    const publicKey = createPublicKey(privateKey)
    const subject = { name: 'sns.amazonaws.com (simulated)', hosts: certificateHosts }
    const certificate = selfSignedCertificate(subject, { publicKey, privateKey }, this.clock.now())
    const value = JSON.stringify({ privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }), certificate })
    const kept = await this.store.declare((declared) => {
      // Another simulator of this store may have been first.
      const other = declared.records.get(key)
      if (other !== undefined) return { changes: [], result: other.value }
      return { changes: [{ put: 'record', record: { kind: 'signing', id: 'key', value } }], result: value }
    })
    return read(kept)
  }
}

function read(value: string): Identity {
  const { privateKey, certificate } = JSON.parse(value) as { privateKey: string; certificate: string }
  const digest = createHash('sha256').update(certificate).digest('hex').slice(0, 32)
  return {
    privateKey: createPrivateKey(privateKey),
    privatePem: privateKey,
    certificate,
    path: `/SimpleNotificationService-${digest}.pem`,
  }
}
