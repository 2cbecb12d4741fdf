/** What can be read off an error about why the cluster was not reached or did not let the lab in. */
interface AccessFacts {
  name: string
  message: string
  /** Kafka's own name of an answer. */
  type: string
  /** Of the system, or of Node's TLS. */
  code: string
}

/** The broker let the connection go before it had answered anything at all. */
export class ClosedAtOnce extends Error {
  override readonly name = 'ClosedAtOnce'
}

const untrusted =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED)$/

/** What to do about a cluster that refuses the lab, by the names of the environment; undefined for any other trouble. */
export function accessAdvice({ name, message, type, code }: AccessFacts): string | undefined {
  if (name === 'KafkaJSSASLAuthenticationError')
    return message.includes('not supported by the server')
      ? 'Set KAFKA_SASL_MECHANISM to one that the cluster takes: plain, scram-sha-256 or scram-sha-512'
      : 'Check KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, and that the cluster knows this user by KAFKA_SASL_MECHANISM'
  if (type === 'ILLEGAL_SASL_STATE') return 'This port takes no users: unset KAFKA_SASL_MECHANISM, or take another port'
  if (type.endsWith('AUTHORIZATION_FAILED'))
    return 'Give the user of KAFKA_SASL_USERNAME the right to create, read and write topics and to use groups'
  if (untrusted.test(code))
    return 'Set KAFKA_SSL_CA to the PEM file of the authority that signed the certificates of the cluster'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'Name the brokers in KAFKA_BROKERS, and in advertised.listeners of the cluster, as their certificate does'
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return "Renew the certificate of the broker, or set this machine's clock"
  if (code === 'EPROTO' || message.includes('before secure TLS connection was established'))
    return 'If it is there, this port may speak no TLS: unset KAFKA_SSL and KAFKA_SSL_CA, or take the port that does'
  if (name === 'ClosedAtOnce')
    return 'If it is there, it may want TLS (KAFKA_SSL=1) or a user (KAFKA_SASL_MECHANISM and what belongs to it)'
  return undefined
}
