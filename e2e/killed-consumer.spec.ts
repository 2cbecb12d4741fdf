import { type MessageRow, messageRow } from '#contracts/api/journey.ts'
import { until } from '../test/until.ts'
import { expect, test } from './with-lab.ts'

test('a consumer killed from outside is restarted by its sidecar and nothing is lost', async ({ page, lab }) => {
  const services = async () => (await (await fetch(`${lab.url}/api/services`)).json()).items
  const replica = async (instance: string) =>
    (await services())
      .flatMap(
        (service: { replicas: { instance: string; pid: number; restarts: number; state: string }[] }) =>
          service.replicas,
      )
      .find((each: { instance: string }) => each.instance === instance)
  const post = await fetch(`${lab.url}/api/bursts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'order_placed', count: 900, ratePerSecond: 300 }),
  })
  const { id } = await post.json()
  await page.goto('/?node=consumer%3Aconsumer-email')
  for (const instance of ['consumer-db-1', 'consumer-email-1']) {
    const { pid } = await until(`${instance} up`, async () => {
      const now = await replica(instance)
      return now?.state === 'up' ? now : undefined
    })
    process.kill(pid, 'SIGKILL')
    await until(`${instance} started again`, async () => {
      const now = await replica(instance)
      return now.restarts > 0 && now.state === 'up' && now.pid !== pid
    })
  }
  await expect(page.getByRole('complementary').getByText(/1 restart/)).toBeVisible()

  const rows = await until('all settled', async () => {
    const messages: MessageRow[] = []
    for (let cursor = ''; ; ) {
      const page = await (await fetch(`${lab.url}/api/messages?burst=${id}&limit=500${cursor}`)).json()
      messages.push(...page.items.map((item: unknown) => messageRow.parse(item)))
      if (!page.nextCursor) break
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`
    }
    // A publish that the broker of a slow machine did not answer in time owes nothing.
    const accepted = messages.filter(({ publish }) => publish === 'acked' || publish === 'recovered')
    const open = messages.some(({ publish }) => publish === 'attempted')
    return messages.length === 900 && !open && accepted.every((row) => row.settledInMs !== undefined)
      ? accepted
      : undefined
  })
  expect(rows.length).toBeGreaterThan(0)
  expect(rows.every((row) => row.groups.every((group) => group.state === 'delivered'))).toBe(true)
})
