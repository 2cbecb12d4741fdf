import { test as base } from '@playwright/test'
import { type Lab, startLab } from '../test/lab.ts'

/** `test` with one running lab for each worker; pages open relative to it. */
export const test = base.extend<{ baseURL: string }, { lab: Lab }>({
  lab: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const lab = await startLab()
      await use(lab)
      await lab.stop()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ lab }, use) => use(lab.url),
})

export { expect } from '@playwright/test'
