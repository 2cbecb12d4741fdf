import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{contracts,monitoring,storage,workers,web,supervisor,prisma,scripts,test,cli,bench}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/walls-fixture/**'],
    // A real part may take long to start on a busy machine; tests wait for states, so the limit only ends what hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // Real processes compete for the same few cores.
    maxWorkers: 2,
  },
})
