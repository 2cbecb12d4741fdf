import { type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { bits, der, derInteger, derNull, derSequence, octets, oid, set, utcTime, utf8, yes } from './der.ts'

const sha256WithRsa = () => derSequence(oid('1.2.840.113549.1.1.11'), derNull())
const commonName = (name: string) => derSequence(set(derSequence(oid('2.5.4.3'), utf8(name))))
const years = 10

/** What a certificate vouches for: a name, and the hosts that it is good for. */
export interface Subject {
  name: string
  hosts: string[]
}

/** A self-signed X.509 certificate, version 3, of an RSA key, in PEM; good from a day before `now` for ten years. */
export function selfSignedCertificate(
  subject: Subject,
  keys: { publicKey: KeyObject; privateKey: KeyObject },
  now: number,
): string {
  const from = new Date(now - 86_400_000)
  const until = new Date(from.getTime())
  until.setUTCFullYear(until.getUTCFullYear() + years)
  const hosts = subject.hosts.map((host) =>
    isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
  )
  const extensions = derSequence(
    derSequence(oid('2.5.29.19'), yes(), octets(derSequence(yes()))),
    derSequence(oid('2.5.29.17'), octets(derSequence(...hosts))),
  )
  const body = derSequence(
    der(0xa0, derInteger(Buffer.from([2]))),
    derInteger(randomBytes(16)),
    sha256WithRsa(),
    commonName(subject.name),
    derSequence(utcTime(from), utcTime(until)),
    commonName(subject.name),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const whole = derSequence(body, sha256WithRsa(), bits(sign('sha256', body, keys.privateKey)))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
