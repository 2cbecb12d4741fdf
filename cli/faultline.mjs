#!/usr/bin/env node
/* The bin of the package. No newer syntax here: it has to say on every Node which one is needed. */
import { unfit } from '../scripts/platform.mjs'

if (unfit) {
  console.error(unfit)
  process.exitCode = 2
} else {
  import('../dist/cli.js')
}
