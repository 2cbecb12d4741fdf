import { spawnSync } from 'node:child_process'
import { installPackages, mayInstall } from './debian-package.mjs'

/** Debian's packages by the program that they bring. */
const packages = {
  'redis-server': 'redis-server',
  java: 'default-jre-headless',
  // Brings Kafka's own files from Maven Central.
  mvn: 'maven',
}

const onPath = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/**
 * Installs what real Kafka and real Redis need and this machine lacks, where it may. What is still missing is said by the tests
 * that want it, which are then skipped.
 */
export function provideEngines() {
  const missing = Object.keys(packages).filter((program) => !onPath(program))
  if (missing.length === 0 || !mayInstall()) return
  try {
    installPackages(missing.map((program) => packages[program]))
  } catch (error) {
    console.error(`Debian's packages for ${missing.join(', ')} could not be installed: ${error.message}`)
  }
}
