import { defineConfig } from 'vitest/config'

/** The lab in containers. Run by `npm run test:compose`, which provides Docker and images. */
export default defineConfig({
  test: {
    include: ['e2e/compose/**/*.test.ts'],
    // One stack at a time: a whole lab is enough for two cores, and its containers have fixed names.
    fileParallelism: false,
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 25 * 60_000,
    // What the first step of a file leaves is what the next one needs.
    bail: 0,
  },
})
