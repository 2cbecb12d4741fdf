import { expect, test } from 'vitest'
import { linksOf, neededUrls } from './links.ts'

const urls = {
  awsEndpointUrl: 'http://127.0.0.1:4100',
  databaseUrl: 'postgresql://faultline:secret@localhost/faultline',
  smtpUrl: 'smtp://[::1]:2525',
}

test('each address is a link under the name of its worker', () => {
  expect(linksOf('consumer-x', urls)).toEqual([
    { id: 'consumer-x->broker', host: '127.0.0.1', port: 4100 },
    { id: 'consumer-x->database', host: 'localhost', port: 5432 },
    { id: 'consumer-x->smtp', host: '::1', port: 2525 },
  ])
  expect(linksOf('consumer-x', { awsEndpointUrl: 'https://sqs.eu-west-1.amazonaws.com' })).toEqual([
    { id: 'consumer-x->broker', host: 'sqs.eu-west-1.amazonaws.com', port: 443 },
  ])
})

test('a worker is given the addresses that its effect needs', () => {
  const keys = (service: string) => Object.keys(neededUrls(service, urls))
  expect(keys('producer')).toEqual(['awsEndpointUrl'])
  expect(keys('consumer-db')).toEqual(['awsEndpointUrl', 'databaseUrl'])
  expect(keys('consumer-email')).toEqual(['awsEndpointUrl', 'smtpUrl'])
  expect(keys('consumer-undeclared')).toEqual(['awsEndpointUrl', 'databaseUrl', 'smtpUrl'])
})

test('an address that no proxy can carry is refused', () => {
  expect(() => linksOf('a', { databaseUrl: 'postgresql://u@localhost/db?host=/run/postgresql' })).toThrow(
    /name the host/,
  )
})
