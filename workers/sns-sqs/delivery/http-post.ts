import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** In which time an endpoint has to answer, in milliseconds. */
export const answerWithinMs = 15_000

/**
 * Posts to an endpoint: the status of the answer, or what went wrong. Never rejects, whatever endpoint, headers and body are. Credentials in
 * the URL become basic authentication.
 */
export function httpPost(endpoint: string, headers: Record<string, string>, body: string): Promise<number | string> {
  return new Promise((resolve) => {
    try {
      post(endpoint, headers, body, resolve)
    } catch (error) {
      resolve(error instanceof Error ? error.message : String(error))
    }
  })
}

/** Throws where Node refuses to make such a request: a header with a line break, credentials that are not encoded rightly. */
function post(
  endpoint: string,
  headers: Record<string, string>,
  body: string,
  resolve: (outcome: number | string) => void,
): void {
  if (!URL.canParse(endpoint)) {
    resolve('the endpoint is no URL')
    return
  }
  const url = new URL(endpoint)
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
    url,
    {
      method: 'POST',
      headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
      timeout: answerWithinMs,
      // A local endpoint has a certificate of its own, if any.
      ...(url.protocol === 'https:' ? { rejectUnauthorized: false } : {}),
      ...(url.username === ''
        ? {}
        : { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
    },
    (response) => {
      response.resume()
      response.on('error', () => {})
      resolve(response.statusCode ?? 0)
    },
  )
  const late = () => request.destroy(new Error(`no answer within ${answerWithinMs} ms`))
  // `timeout` is about silence: an endpoint that sends its head byte by byte is late all the same.
  const deadline = setTimeout(late, answerWithinMs)
  request.on('timeout', late)
  request.on('error', (error) => resolve(error.message))
  request.on('close', () => {
    clearTimeout(deadline)
    // One that answers with another protocol (101) gives no response and no error.
    resolve('the connection was closed without an answer')
  })
  request.end(body)
}
