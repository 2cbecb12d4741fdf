import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { httpPost } from './http-post.ts'

test.each([
  ['a header with a line break', 'http://127.0.0.1:9/', { 'Content-Type': 'text/plain\nx: y' }, 'Invalid character'],
  ['a header beyond Latin-1', 'http://127.0.0.1:9/', { 'Content-Type': 'текст' }, 'Invalid character'],
  ['credentials that are not encoded rightly', 'http://%zz:a@127.0.0.1:9/', {}, 'URI malformed'],
  ['an endpoint that is no URL', 'nowhere', {}, 'no URL'],
])('%s is a failure of the delivery', async (_title, endpoint, headers, reason) => {
  expect(await httpPost(endpoint, headers, 'x')).toContain(reason)
})

test('an endpoint that answers with another protocol has not answered', async () => {
  const server = createServer((socket) => {
    socket.once('data', () =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n'),
    )
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await httpPost(`http://127.0.0.1:${port}/`, {}, 'x')).toBe('the connection was closed without an answer')
})
