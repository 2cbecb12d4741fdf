import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** For how long an endpoint may keep silent, in milliseconds. */
export const answerWithinMs = 15_000

/** Posts to an endpoint: the status of the answer, or what went wrong. Credentials in the URL become basic authentication. */
export function httpPost(endpoint: string, headers: Record<string, string>, body: string): Promise<number | string> {
  return new Promise((resolve) => {
    let url: URL
    try {
      url = new URL(endpoint)
    } catch {
      resolve('the endpoint is no URL')
      return
    }
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
    request.on('timeout', () => request.destroy(new Error(`no answer within ${answerWithinMs} ms`)))
    request.on('error', (error) => resolve(error.message))
    request.end(body)
  })
}
