/** Where a signal goes, as an exporter takes it. */
export interface ReceiverAddress {
  url: string
  headers: Record<string, string>
}

/** Longest time of one try, in milliseconds, retries of the exporter itself included. */
export const exportTimeoutMs = 5_000

/** The OTLP address of a Loki: `LOKI_URL` and `/otlp/v1/logs`. A user and a password in the URL become the header. */
export const lokiAddress = (lokiUrl: string): ReceiverAddress => addressOf(lokiUrl, '/otlp/v1/logs')

/** The address for traces: `OTEL_EXPORTER_OTLP_ENDPOINT` and `/v1/traces`, as the specification says. */
export const tracesAddress = (endpoint: string): ReceiverAddress => addressOf(endpoint, '/v1/traces')

function addressOf(base: string, path: string): ReceiverAddress {
  const url = new URL(base)
  const { username, password } = url
  url.username = ''
  url.password = ''
  const trimmed = url.pathname.replace(/\/+$/, '')
  url.pathname = trimmed.endsWith(path) ? trimmed : trimmed + path
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  return { url: url.href, headers: username === '' ? {} : { authorization: `Basic ${credentials}` } }
}
