import { expect, test } from 'vitest'
import { httpPost } from './http-post.ts'

test.each([
  ['a header with a line break', 'http://127.0.0.1:9/', { 'Content-Type': 'text/plain\nx: y' }, 'Invalid character'],
  ['a header beyond Latin-1', 'http://127.0.0.1:9/', { 'Content-Type': 'текст' }, 'Invalid character'],
  ['credentials that are not encoded rightly', 'http://%zz:a@127.0.0.1:9/', {}, 'URI malformed'],
  ['an endpoint that is no URL', 'nowhere', {}, 'no URL'],
])('%s is a failure of the delivery', async (_title, endpoint, headers, reason) => {
  expect(await httpPost(endpoint, headers, 'x')).toContain(reason)
})
