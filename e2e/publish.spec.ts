import { expect, test } from './with-lab.ts'

test('the publish form names what is wrong, then publishes and links to the message', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'producer, producer' })).toBeVisible()
  await page.keyboard.press('p')
  const form = page.getByRole('form', { name: 'Event' })
  await expect(form).toBeVisible()

  const email = form.getByRole('textbox', { name: 'email' })
  await email.fill('not an address')
  await form.getByRole('button', { name: /^Publish/ }).click()
  await expect(email).toHaveAttribute('aria-invalid', 'true')
  await expect(email).toBeFocused()

  await email.fill('grace@example.com')
  await expect(form.getByText('Valid against user_signup v1')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByText(/Acknowledged in/)).toBeVisible()
  await page.getByRole('link', { name: /Open message/ }).click()
  await expect(page).toHaveURL(/message=producer-1/)
  await expect(page.getByRole('complementary').getByText('Delivered', { exact: true })).toBeVisible()
})

test('the shown curl publishes the same event', async ({ page, lab }) => {
  await page.goto('/publish')
  const shown = page.locator('pre', { hasText: 'curl -sS' })
  await expect(shown).toContainText('/event')
  const { execFileSync } = await import('node:child_process')
  const answer = JSON.parse(execFileSync('sh', ['-c', (await shown.textContent()) ?? ''], { encoding: 'utf8' }))
  expect(answer).toMatchObject({ type: 'user_signup', state: 'acked' })
  expect((await fetch(`${lab.url}/api/messages/${answer.id}`)).status).toBe(200)
})

test('bad input is a problem document that names every error', async ({ lab }) => {
  const answer = await fetch(`${lab.url}/event`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'order_placed', data: { orderId: 'x', email: 'y' }, colour: 'red' }),
  })
  expect(answer.status).toBe(400)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(JSON.stringify(await answer.json())).toContain('/colour')
})
