import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { openTestApi } from './fixtures/test-api.ts'

const publish = { method: 'POST', url: '/event', payload: { type: 'user_signup', data: { email: 'a@b.co' } } } as const

describe('Host', () => {
  it.each(['localhost', 'localhost:3000', 'LOCALHOST:3000', '127.0.0.1:9', '[::1]:3000'])('takes %s', async (host) => {
    const { app } = await openTestApi()
    expect((await app.inject({ ...publish, headers: { host } })).statusCode).toBe(202)
  })

  it.each(['evil.example', 'localhost.evil.example', '192.168.1.5', '127.0.0.1.nip.io', 'evil.example:3000'])(
    'refuses %s, which a rebound name could be, for reads too',
    async (host) => {
      const { app, world } = await openTestApi()
      for (const request of [
        publish,
        { method: 'GET', url: '/api/topology' } as const,
        { method: 'GET', url: '/' } as const,
      ]) {
        const response = await app.inject({ ...request, headers: { host } })
        expect(response.json()).toMatchObject({ status: 421, code: 'foreign_host' })
      }
      expect(world.commands).toEqual([])
    },
  )

  it('takes names that are listed, and addresses where the port is not on loopback', async () => {
    const { app } = await openTestApi({ host: '0.0.0.0', allowedHosts: ['lab.internal'] })
    for (const host of ['lab.internal:3000', '192.168.1.5:3000']) {
      expect((await app.inject({ ...publish, headers: { host } })).statusCode).toBe(202)
    }
    expect((await app.inject({ ...publish, headers: { host: 'evil.example' } })).statusCode).toBe(421)
  })
})

/** The first line of the answer to a request as it is written here. */
async function statusOf(lines: string[]): Promise<string> {
  const { app } = await openTestApi()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.end(`${lines.join('\r\n').replaceAll('PORT', `${port}`)}\r\nConnection: close\r\n\r\n`)
  const answer = await text(socket)
  await app.close()
  return answer.split('\r\n')[0] ?? ''
}

describe('One name', () => {
  const path = '/api/topology'
  it.each([
    ['a Host beside another', [`GET ${path} HTTP/1.1`, 'Host: localhost:PORT', 'Host: evil.example'], 400],
    ['the same Host twice', [`GET ${path} HTTP/1.1`, 'Host: localhost:PORT', 'host: localhost:PORT'], 400],
    ['a target elsewhere', [`GET http://evil.example${path} HTTP/1.1`, 'Host: localhost:PORT'], 421],
    ['a target on another port', [`GET http://localhost:1${path} HTTP/1.1`, 'Host: localhost:PORT'], 421],
    ['a target that is this server', [`GET http://localhost:PORT${path} HTTP/1.1`, 'Host: localhost:PORT'], 200],
    ['a path', [`GET ${path} HTTP/1.1`, 'Host: localhost:PORT'], 200],
  ])('%s', async (_, lines, status) => expect(await statusOf(lines)).toContain(` ${status} `))
})

describe('Origin', () => {
  const host = 'localhost:3000'
  it('takes its own', async () => {
    const { app } = await openTestApi()
    const headers = { host, origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }
    expect((await app.inject({ ...publish, headers })).statusCode).toBe(202)
  })

  it.each(['https://evil.example', 'http://localhost:4000', 'null', 'http://127.0.0.1:3000', 'nonsense'])(
    'refuses %s',
    async (origin) => {
      const { app, world } = await openTestApi()
      const response = await app.inject({ ...publish, headers: { host, origin } })
      expect(response.json()).toMatchObject({ status: 403, code: 'foreign_origin' })
      expect(response.headers).not.toHaveProperty('access-control-allow-origin')
      expect(world.commands).toEqual([])
    },
  )

  it.each(['cross-site', 'same-site'])(
    'refuses a write that the browser calls %s, and lets a link in',
    async (site) => {
      const { app } = await openTestApi()
      const headers = { host, 'sec-fetch-site': site }
      expect((await app.inject({ ...publish, headers })).json()).toMatchObject({ code: 'foreign_origin' })
      expect((await app.inject({ method: 'GET', url: '/healthz', headers })).statusCode).toBe(200)
    },
  )
})

describe('FAULTLINE_TOKEN', () => {
  it('is asked for everywhere but in health checks and explanations', async () => {
    const { app } = await openTestApi({ token: 'a-long-secret' })
    const refused = await app.inject({ method: 'GET', url: '/api/topology' })
    expect(refused.json()).toMatchObject({ status: 401, code: 'unauthorized' })
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="Faultline"')
    expect((await app.inject(publish)).statusCode).toBe(401)
    for (const url of ['/healthz', '/readyz', '/problems/unauthorized']) {
      expect((await app.inject({ method: 'GET', url })).statusCode).toBe(200)
    }
  })

  it('opens as bearer and as cookie, and not when wrong', async () => {
    const { app, token } = await openTestApi({ token: 'a-long-secret' })
    const get = async (headers: Record<string, string>) =>
      (await app.inject({ method: 'GET', url: '/api/topology', headers })).statusCode
    expect(await get({ authorization: 'Bearer a-long-secret' })).toBe(200)
    expect(await get({ authorization: 'Bearer a-long-secret2' })).toBe(401)
    const cookie = token.cookieFor('a-long-secret')
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toContain('a-long-secret')
    expect(await get({ cookie: `x=1; ${cookie?.split(';')[0]}` })).toBe(200)
    expect(await get({ cookie: 'faultline_session=wrong' })).toBe(401)
    expect(token.cookieFor('wrong')).toBeUndefined()
  })
})

describe('what no route takes', () => {
  it.each([
    ['GET', '/api/nothing', 404, 'not_found'],
    ['POST', '/anything', 404, 'not_found'],
    ['GET', '/event', 405, 'method_not_allowed'],
    ['PUT', '/event', 405, 'method_not_allowed'],
    ['OPTIONS', '/event', 405, 'method_not_allowed'],
    ['DELETE', '/api/messages/producer-1:1:user_signup:1', 405, 'method_not_allowed'],
    ['GET', '/api/messages/%E0%A4%A', 400, 'bad_request'],
  ] as const)('%s %s is %i', async (method, url, status, code) => {
    const { app } = await openTestApi()
    const response = await app.inject({ method, url })
    expect({ status: response.statusCode, code: response.json().code }).toEqual({ status, code })
    expect(response.headers['content-type']).toContain('application/problem+json')
    if (status === 405) expect(response.headers.allow).toBeTruthy()
  })
})
