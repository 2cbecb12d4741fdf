import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { createAccessToken } from '../access/access-token.ts'
import { enter } from './page-entrance.ts'

async function visit(path: string, headers: Record<string, string> = {}, secret: string | undefined = 'a-long-secret') {
  const token = createAccessToken(secret)
  const server = createServer((request, response) => {
    if (!enter(request, response, token)) response.end('the page')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: 'manual' })
    return { status: response.status, headers: response.headers, body: await response.text() }
  } finally {
    server.close()
  }
}

it('turns a token in the address into a cookie that opens the pages', async () => {
  const first = await visit('/publish?token=a-long-secret&q=1')
  expect(first.status).toBe(303)
  expect(first.headers.get('location')).toBe('/publish?q=1')
  const cookie = first.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^faultline_session=[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/)
  expect((await visit('/publish', { cookie: cookie.split(';')[0] ?? '' })).body).toBe('the page')
})

it('keeps strangers out, but for built assets', async () => {
  for (const path of ['/', '/?token=wrong', '/publish']) {
    const { status, body } = await visit(path)
    expect(status).toBe(401)
    expect(body).toContain('/?token=')
  }
  expect((await visit('/_next/static/a.js')).body).toBe('the page')
  expect((await visit('/', { authorization: 'Bearer a-long-secret' })).body).toBe('the page')
})

it('leads nowhere but to this server', async () => {
  for (const path of ['//evil.example/', '/.//evil.example/']) {
    const { status, headers } = await visit(`${path}?token=a-long-secret`)
    expect(status).toBe(303)
    expect(headers.get('location')).toBe('/evil.example/')
  }
})
