import { expect, test } from 'vitest'
import { hrefFrom, screenPlaceOf } from './url-state.ts'

test('a patch sets, changes and removes parameters and keeps the others', () => {
  const place = screenPlaceOf('/?node=queue%3Aconsumer-db&dock=charts')
  expect(hrefFrom(place, '/', { node: undefined, message: 'a:1:b:2' })).toBe('/?dock=charts&message=a%3A1%3Ab%3A2')
})

test('an address without parameters has no question mark', () => {
  expect(hrefFrom(screenPlaceOf('/publish?node=x'), '/', { node: undefined })).toBe('/')
  expect(hrefFrom(screenPlaceOf('/'), '/publish', { q: '' })).toBe('/publish')
})
