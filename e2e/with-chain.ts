import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { type Lab, startLab } from '../test/lab.ts'

/** Four hops, all of them simulated or built in, so that nothing beside the lab is needed. */
const file = `apiVersion: faultline/v1
kind: Lab
metadata: { name: chain }
events:
  order_placed: { schema: { type: object, required: [orderId], properties: { orderId: { type: string }, email: { type: string } } }, key: orderId }
  payment_captured: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } }, key: orderId }
  shipment_sent: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } }, key: orderId }
services:
  shop: { sends: [order_placed] }
  payment: { receives: [order_placed], sends: [payment_captured], simulate: { work: { fixed: 20ms } } }
  warehouse: { receives: [payment_captured], sends: [shipment_sent], simulate: { work: { fixed: 20ms } } }
  consumer-db: { receives: [order_placed, shipment_sent], builtin: database }
flows:
  checkout: { starts: order_placed, ends: [shipment_sent], within: 60s }
`

/** `test` with one running lab of a chain of services for each worker; pages open relative to it. */
export const test = base.extend<{ baseURL: string }, { lab: Lab & { file: string } }>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'faultline-chain-'))
      const path = join(folder, 'faultline.yaml')
      writeFileSync(path, file)
      const lab = await startLab({ FAULTLINE_LAB: path })
      await use({ ...lab, file: path })
      await lab.stop()
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  baseURL: async ({ lab }, use) => use(lab.url),
})

export { expect } from '@playwright/test'
