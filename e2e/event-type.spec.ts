import { until } from '../test/until.ts'
import { expect, test } from './with-lab.ts'

const schema = {
  type: 'object',
  required: ['refundId', 'email', 'amount'],
  properties: {
    refundId: { type: 'string' },
    email: { type: 'string', format: 'email' },
    amount: { type: 'number', exclusiveMinimum: 0 },
  },
  additionalProperties: false,
}

test('a type made on the screen is drawn, published, mailed and stored with no restart', async ({ page, lab }) => {
  await page.goto('/event-types')
  await page.getByRole('link', { name: 'New event type' }).click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('refund_issued')
  await page.getByRole('textbox', { name: 'Schema' }).fill(JSON.stringify(schema, null, 2))
  const example = page.getByRole('textbox', { name: 'Example' })
  await example.fill(JSON.stringify({ refundId: 'r-1', email: 'lin@example.com', amount: 0 }))
  await expect(page.getByText('/amount')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save event type' })).toBeDisabled()
  await example.fill(JSON.stringify({ refundId: 'r-1', email: 'lin@example.com', amount: 12.5 }))
  await page.getByRole('combobox', { name: /^Key/ }).selectOption('refundId')
  await page.getByText('Own template', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Subject' }).fill('Refund {{data.refundId}}')
  await page.getByRole('textbox', { name: 'Body' }).fill('You get {{data.amount}} back.')
  await page.getByRole('button', { name: 'Save event type' }).click()
  await expect(page.getByRole('button', { name: 'refund_issued, topic' })).toBeVisible()

  const answer = await fetch(`${lab.url}/event`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'refund_issued', data: { refundId: 'r-7', email: 'lin@example.com', amount: 3 } }),
  })
  expect(answer.status).toBe(202)
  const { id } = await answer.json()
  const mail = await until(
    'the mail',
    async () => (await (await fetch(`${lab.url}/api/outbox/emails?messageId=${id}`)).json()).items[0],
  )
  expect(mail).toMatchObject({ subject: 'Refund r-7' })
  expect(mail.text).toContain('You get 3 back.')
  const row = await until(
    'the row',
    async () => (await (await fetch(`${lab.url}/api/outbox/rows?messageId=${id}`)).json()).items[0],
  )
  expect(row).toMatchObject({ table: 'records', type: 'refund_issued' })
})
