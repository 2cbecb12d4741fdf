import { expect, test } from './with-lab.ts'

const odd = {
  name: 'parcel_seen',
  schema: { type: 'object', properties: { code: { type: 'string' }, extra: true } },
  example: { code: 'P-1', extra: { any: 1 } },
}
const longIds =
  '{"name":"till_closed","keyField":"id","schema":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"till":{"type":"object"}}},' +
  '"example":{"id":820000000000000508,"till":{"opened":-7210194211959421178}}}'

// The lab is shared: later specs draw every type that there is.
test.afterEach(async ({ lab }) => {
  for (const name of [odd.name, 'till_closed']) {
    const remove = async () => (await fetch(`${lab.url}/api/event-types/${name}`, { method: 'DELETE' })).status
    await expect.poll(remove, { message: `${name} is gone` }).toBe(404)
  }
})

test('a boolean subschema is edited as JSON, and does not take Publish down, also after a reload', async ({
  page,
  lab,
}) => {
  const failures: string[] = []
  page.on('pageerror', (error) => failures.push(error.message))
  await made(lab.url, JSON.stringify(odd))
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'parcel_seen, topic' })).toBeVisible()
  await page.keyboard.press('p')
  const form = page.getByRole('form', { name: 'Event' })
  await form.getByRole('combobox', { name: 'Type' }).selectOption('parcel_seen')
  const extra = form.getByRole('textbox', { name: 'extra, JSON' })
  await expect(extra).toContainText('"any": 1')
  await extra.fill('[true, {"deep": null}]')
  await expect(form.getByText('Valid against parcel_seen v1')).toBeVisible()
  await page.reload()
  await expect(form.getByRole('textbox', { name: 'extra, JSON' })).toContainText('"deep": null')
  await form.getByRole('button', { name: /^Publish/ }).click()
  await expect(page.getByText(/Acknowledged in/)).toBeVisible()
  await form.getByRole('combobox', { name: 'Type' }).selectOption('user_signup')
  await expect(form.getByRole('textbox', { name: 'email' })).toBeVisible()
  expect(failures).toEqual([])
})

test('a number beyond 2^53 keeps its digits from the example to the message', async ({ page, lab }) => {
  await made(lab.url, longIds)
  await page.goto('/publish')
  const form = page.getByRole('form', { name: 'Event' })
  await form.getByRole('combobox', { name: 'Type' }).selectOption('till_closed')
  const id = form.getByRole('textbox', { name: 'id', exact: true })
  await expect(id).toHaveValue('820000000000000508')
  await id.fill('820000000000000509')
  await expect(form.getByText('Valid against till_closed v1')).toBeVisible()
  await expect(form.getByRole('textbox', { name: 'The event as JSON' })).toContainText('820000000000000509')
  await expect(page.locator('pre', { hasText: 'curl -sS' })).toContainText('820000000000000509')
  await page.reload()
  await expect(id).toHaveValue('820000000000000509')
  await form.getByRole('button', { name: /^Publish/ }).click()
  await expect(page.getByText(/Acknowledged in/)).toBeVisible()
  const [{ id: message }] = (await (await fetch(`${lab.url}/api/messages?type=till_closed`)).json()).items
  const journey = await (await fetch(`${lab.url}/api/messages/${message}`)).text()
  expect(journey).toContain('"payload":{"id":820000000000000509,"till":{"opened":-7210194211959421178}}')
  expect(journey).toContain('"key":"820000000000000509"')
  await page.goto(`/?message=${message}&tab=payload`)
  await expect(page.getByRole('complementary')).toContainText('820000000000000509')
})

async function made(url: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${url}/api/event-types`, { method: 'POST', headers, body })).status).toBe(201)
}
