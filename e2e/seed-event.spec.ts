import { execFileSync } from 'node:child_process'
import { journey } from '#contracts/api/journey.ts'
import { outboxEmail, outboxRow } from '#contracts/api/outbox.ts'
import { until } from '../test/until.ts'
import { expect, test } from './with-lab.ts'

test('the seed curl becomes an e-mail, a row and a lit path', async ({ page, lab }) => {
  const printed = execFileSync(
    'curl',
    ['-sS', '-X', 'POST', `${lab.url}/event`, '-H', 'Content-Type: application/json', '-d'].concat(
      '{"type": "user_signup", "data": {"email": "test@example.com"}}',
    ),
    { encoding: 'utf8' },
  )
  const { id, state } = JSON.parse(printed)
  expect(state).toBe('acked')

  const settled = await until('both obligations delivered', async () => {
    const now = journey.parse(await (await fetch(`${lab.url}/api/messages/${id}`)).json())
    return now.obligations.length === 2 && now.obligations.every((o) => o.state === 'delivered') ? now : undefined
  })
  expect(settled.obligations.map((o) => o.group).sort()).toEqual(['consumer-db', 'consumer-email'])

  const mails = await (await fetch(`${lab.url}/api/outbox/emails?messageId=${id}`)).json()
  expect(mails.total).toBe(1)
  const mail = outboxEmail.parse(mails.items[0])
  expect(mail.to).toContain('test@example.com')
  expect(mail.headers).toMatchObject({ 'X-Faultline-Message': id })
  expect(mail.smtpMessageId).toMatch(/^<.+@faultline>$/)

  const rows = await (await fetch(`${lab.url}/api/outbox/rows?messageId=${id}`)).json()
  expect(rows.total).toBe(1)
  expect(outboxRow.parse(rows.items[0])).toMatchObject({ table: 'users', data: { email: 'test@example.com' } })

  // What a worker prints goes another way than what it reports, and may come later.
  for (const line of [
    `consumer-email-1 info +user_signup ${id} → sent "Welcome" to test@example.com`,
    `consumer-db-[12] info +user_signup ${id} → wrote users/test@example.com`,
  ]) {
    await expect.poll(() => lab.output()).toMatch(new RegExp(line))
  }

  await page.goto('/')
  await page.getByRole('link', { name: id, exact: true }).click()
  const drawer = page.getByRole('complementary')
  await expect(drawer.getByText('Delivered', { exact: true })).toBeVisible()
  await expect(drawer.getByRole('link', { name: 'Open mail' })).toBeVisible()
  await expect(drawer.getByRole('link', { name: 'Open row' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Leave trace' })).toBeVisible()
  await expect(page.locator('[data-card][data-dim]').filter({ hasText: 'payment_failed' })).toBeVisible()
  await expect(page.locator('[data-card]:not([data-dim])').filter({ hasText: 'mailbox' })).toBeVisible()

  await drawer.getByRole('link', { name: 'Open mail' }).click()
  await expect(page.getByRole('article', { name: 'Mail: Welcome' })).toBeVisible()
})
