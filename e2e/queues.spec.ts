import AxeBuilder from '@axe-core/playwright'
import type { APIRequestContext } from '@playwright/test'
import type { QueueRow, QueuesView } from '../contracts/api/queues/queues.ts'
import { expect, test } from './with-lab.ts'

const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:123456789012:${name}`

async function post(request: APIRequestContext, path: string, data: object) {
  const answer = await request.post(`/api/queues${path}`, { data })
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.json()
}

const rowOf = async (request: APIRequestContext, name: string): Promise<QueueRow | undefined> => {
  const view: QueuesView = await (await request.get('/api/queues')).json()
  return view.queues.find((queue) => queue.name === name)
}

test('a queue is looked at, explained, moved and purged', async ({ page, request }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const name of ['parcels', 'parcels-dead']) await post(request, '', { kind: 'queue', name })
  const { arn: topicArn } = await post(request, '', { kind: 'topic', name: 'parcel_sent' })
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('parcels-dead'), maxReceiveCount: 3 })
  await request.put('/api/queues/attributes', { data: { arn: arnOf('parcels'), attributes: { RedrivePolicy } } })
  await post(request, '', {
    ...{ kind: 'subscription', topicArn, queueArn: arnOf('parcels'), filterPolicyScope: 'MessageBody' },
    filterPolicy: JSON.stringify({ carrier: ['dhl', { prefix: 'ups' }], weightKg: [{ numeric: ['<=', 30] }] }),
  })
  await post(request, '/publish', { arn: topicArn, body: '{"carrier":"ups","weightKg":7}' })
  await post(request, '/send', { arn: arnOf('parcels-dead'), body: 'given up' })

  // A peek leaves the counts.
  await page.goto('/')
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Queues' }).click()
  const rail = page.getByRole('navigation', { name: 'Queues and topics' })
  await rail
    .getByRole('link')
    .filter({ has: page.getByText('parcels', { exact: true }) })
    .click()
  const line = page.getByRole('button', { name: /^Message .*, visible$/ })
  await line.click()
  await expect(page.getByText('"weightKg"', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Peek again' }).click()
  await expect(line).toBeVisible()
  expect(await rowOf(request, 'parcels')).toMatchObject({ visible: 1, inFlight: 0 })

  // A message that is filtered out: the key that fails is named.
  await page.getByText('One that is written down').click()
  const why = page.getByLabel('Body')
  await why.fill('{"carrier":"ups-express","weightKg":41.5}')
  await expect(page.getByText('Filtered out: weightKg is 41.5')).toBeVisible()
  const policy = page.getByRole('region', { name: 'Filter policy', exact: true })
  await expect(policy.getByRole('listitem').filter({ hasText: 'weightKg' }).first()).toContainText('fails')
  await expect(policy.getByRole('listitem').filter({ hasText: 'carrier' }).first()).toContainText('passes')
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  const trial = page.getByRole('region', { name: 'Try a policy' })
  await trial.getByLabel('Filter policy').fill('{"weightKg":[{"numeric":["<=",50]}]}')
  await trial.getByRole('button', { name: 'Test' }).click()
  await expect(trial.getByRole('status')).toHaveText('It would pass, as it does not now.')

  // What AWS refuses is shown at the field.
  await page.getByRole('button', { name: 'Edit…' }).click()
  await page.getByLabel('VisibilityTimeout').fill('-1')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByLabel('VisibilityTimeout')).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: 'Cancel' }).click()

  // Dead letters are moved; one that was sent there came from no queue, so it is given a target.
  const letters = page.getByRole('region', { name: 'Dead letters' })
  await letters.getByLabel('Back to').selectOption({ label: 'into parcels' })
  await letters.getByRole('button', { name: 'Move 1…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Move' }).click()
  await expect(letters).toContainText('moved: 1 of 1')
  await expect.poll(async () => (await rowOf(request, 'parcels'))?.visible).toBe(2)

  // A purge names what it costs, and Esc leads back to the graph.
  await page.getByRole('button', { name: 'Purge…' }).click()
  const question = page.getByRole('alertdialog', { name: 'Purge parcels?' })
  await expect(question).toContainText('2 messages there')
  await question.getByRole('button', { name: 'Purge, 2 messages' }).click()
  await expect(page.getByText('There are no messages in this queue.')).toBeVisible()
  // A question that is still there would take the key for itself.
  await expect(question).toBeHidden()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'producer, producer' })).toBeVisible()
  const log = await (await request.get('/api/event-log')).json()
  expect(log.items.map(({ message }: { message: string }) => message)).toContain('parcels: purged, 2 messages with it')

  const view: QueuesView = await (await request.get('/api/queues')).json()
  for (const { arn } of [...view.queues, ...view.topics].filter((one) => /parcel/.test(one.name)))
    await post(request, '/delete', { arn, confirm: 9 })
})
