import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { inlineScripts, withPagePolicy } from './page-policy.ts'

async function answered(respond: (response: import('node:http').ServerResponse) => void, method = 'GET') {
  const server = createServer((_request, response) => {
    withPagePolicy(response)
    respond(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method })
    return { status: response.status, headers: response.headers, body: await response.text() }
  } finally {
    server.close()
  }
}

const page =
  '<!doctype html><script src="/a.js"></script><script>go("ä")</script><script id="x" type="application/json">{}</script>'

it('names the inline scripts of a page by hash, however it is written', async () => {
  const hash = createHash('sha256').update('go("ä")').digest('base64')
  const inOne = await answered((response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(page))
  const inParts = await answered((response) => {
    response.writeHead(203, { 'content-type': 'text/html' })
    response.flushHeaders()
    const bytes = Buffer.from(page)
    response.write(bytes.subarray(0, 60))
    response.write(bytes.subarray(60, 70))
    response.end(bytes.subarray(70))
  })
  expect(inParts.status).toBe(203)
  for (const { headers, body } of [inOne, inParts]) {
    expect(body).toBe(page)
    expect(headers.get('content-security-policy')).toContain(`script-src 'self' 'unsafe-eval' 'sha256-${hash}'`)
    expect(headers.get('content-security-policy')).not.toContain("script-src 'self' 'unsafe-inline'")
  }
})

it('leaves everything else as it is', async () => {
  const asset = await answered((response) => {
    response.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'immutable' })
    response.write('let a')
    response.end(' = 1')
  })
  expect(asset.body).toBe('let a = 1')
  expect(asset.headers.get('cache-control')).toBe('immutable')
  expect(asset.headers.get('x-content-type-options')).toBe('nosniff')
  const empty = await answered((response) => response.writeHead(304).end())
  expect(empty.status).toBe(304)
  const head = await answered((response) => response.setHeader('content-type', 'text/html').end(), 'HEAD')
  expect(head.body).toBe('')
})

it('finds inline scripts and no others', () => {
  expect(inlineScripts(page)).toEqual(['go("ä")', '{}'])
})
