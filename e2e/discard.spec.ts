import { expect, test } from './with-lab.ts'

test('a dead letter that nobody wants is discarded once that was confirmed, and an audit knows why', async ({
  page,
  request,
}) => {
  test.setTimeout(240_000)
  const answer = await request.post('/event', { data: { type: 'user_signup', data: { email: 'ada@example.com' } } })
  expect(answer.status()).toBe(202)
  await request.put('/api/subscriptions/consumer-db', {
    data: { retryPolicy: { nonRetryableErrorTypes: ['Unwanted'] } },
  })
  const fault = await request.post('/api/faults', {
    data: {
      ...{ type: 'handler.error', target: { service: 'consumer-db' }, percent: 100, durationMs: 110_000 },
      params: { errorType: 'Unwanted', stage: 'before' },
    },
  })
  const { id: faultId } = await fault.json()
  const published = await request.post('/event', { data: { type: 'user_signup', data: { email: 'lin@example.com' } } })
  const { id } = await published.json()
  const letters = async () => (await (await request.get('/api/dead-letters')).json()).items
  await expect.poll(async () => (await letters()).length, { timeout: 60_000 }).toBe(1)
  await request.delete(`/api/faults/${faultId}`)

  await page.goto('/?dock=dead-letters')
  const dock = page.getByRole('region', { name: 'Dock' })
  await dock.getByRole('row').filter({ hasText: 'Unwanted' }).getByRole('checkbox').check({ force: true })
  await dock.getByRole('button', { name: 'Discard…' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('Discard 1 dead letter?')
  await dialog.getByRole('button', { name: 'Keep' }).click()
  expect(await letters()).toHaveLength(1)
  await dock.getByRole('button', { name: 'Discard…' }).click()
  await dialog.getByRole('button', { name: 'Discard for good' }).click()
  await expect.poll(async () => (await letters()).length).toBe(0)
  await expect(dock.getByRole('row').filter({ hasText: 'Unwanted' })).toHaveCount(0)

  const { obligations } = await (await request.get(`/api/messages/${id}`)).json()
  expect(obligations.find(({ group }: { group: string }) => group === 'consumer-db')?.state).toBe('dead_lettered')
  const audit = await (await request.post('/api/ledger/audit', { data: { timeoutMs: 60_000 }, timeout: 90_000 })).json()
  expect(audit.verdict.result).toBe('pass')
  expect(audit.disagreements).toMatchObject([{ kind: 'discarded', weight: 'note', samples: [id] }])
  await page.goto('/?dock=log')
  await expect(dock.getByText('1 dead letter of consumer-db was discarded')).toBeVisible()
})
