import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = dirname(dirname(fileURLToPath(import.meta.url)))

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  devIndicators: false,
  // The pages import `#contracts/*`, which is above this folder.
  turbopack: { root: repository },
  outputFileTracingRoot: repository,
  // Where the package is installed nothing is written, and pages are few enough for memory.
  experimental: { isrFlushToDisk: false },
  // Types are checked by `npm test`, once for the whole tree; a start need not do it again.
  typescript: { ignoreBuildErrors: true },
}
