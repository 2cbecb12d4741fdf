import { expect, test } from './with-lab.ts'

test('the lab moves from Local to Redis and back, and every message stays labelled', async ({ page, request }) => {
  test.setTimeout(240_000)
  const publish = async (): Promise<string> => {
    const data = { email: 'ada@example.com' }
    const answer = await request.post('/event', { data: { type: 'user_signup', data } })
    expect(answer.status()).toBe(202)
    return (await answer.json()).id
  }
  const brokerOf = async (id: string) => (await (await request.get(`/api/messages/${id}`)).json()).broker
  const settled = async (id: string) => {
    const { obligations } = await (await request.get(`/api/messages/${id}`)).json()
    return obligations.map(({ state }: { state: string }) => state)
  }

  const onLocal = await publish()
  await page.goto('/')
  const brokers = page.getByRole('group', { name: 'Broker' })
  await expect(brokers.getByRole('button', { name: /^Local/ })).toHaveAttribute('aria-pressed', 'true')

  for (const [to, key] of [
    ['Redis', 'redis'],
    ['Local', 'local'],
  ] as const) {
    // By keyboard, as anyone who uses no pointer does.
    await brokers.getByRole('button', { name: new RegExp(`^${to}`) }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Broker' })
    await expect(dialog).toContainText('Events and bursts are refused meanwhile')
    await dialog.getByRole('button', { name: `Switch to ${to}` }).click()
    await expect(dialog.getByRole('list', { name: 'Steps' })).toBeVisible()
    await expect(brokers.getByRole('button', { name: new RegExp(`^${to}`) })).toHaveAttribute('aria-pressed', 'true', {
      timeout: 90_000,
    })
    await expect(dialog).toContainText(`The lab runs on ${to}`)
    await dialog.getByRole('button', { name: 'Close' }).click()
    const id = await publish()
    expect(await brokerOf(id)).toBe(key)
    await expect.poll(() => settled(id)).toEqual(['delivered', 'delivered'])
  }
  expect(await brokerOf(onLocal)).toBe('local')
  const { items } = await (await request.get('/api/messages?broker=redis')).json()
  expect(items).toHaveLength(1)
})

test('a worker is given another replica and loses it again', async ({ page, request }) => {
  await page.goto('/?node=consumer:consumer-email')
  const stepper = page.getByRole('group', { name: 'Replicas of consumer-email' })
  await stepper.getByRole('button', { name: 'One replica more' }).click()
  await expect(page.getByLabel('consumer-email, consumer').getByText('2 of 2 up')).toBeVisible()
  await stepper.getByRole('button', { name: 'One replica fewer' }).click()
  await expect(page.getByRole('alertdialog')).toContainText('Stop consumer-email-2?')
  await page.getByRole('button', { name: 'Stop it' }).click()
  await expect(page.getByLabel('consumer-email, consumer').getByText('1 of 1 up')).toBeVisible()
  const { items } = await (await request.get('/api/services')).json()
  expect(items.find(({ name }: { name: string }) => name === 'consumer-email')).toMatchObject({ wanted: 1 })
})
