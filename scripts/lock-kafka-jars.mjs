/**
 * Writes kafka/jars.lock: `node scripts/lock-kafka-jars.mjs 4.3.1`. Needs Maven, which finds out what Kafka consists of and checks
 * what it brings; from then on only the checksums written here count.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './root.mjs'

/** What Kafka logs through; its own dependencies bring only the interface. */
const logging = { group: 'org.apache.logging.log4j', artifact: 'log4j-slf4j-impl', version: '2.24.3' }

const version = process.argv[2]
if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) {
  console.error('Which version? For example: node scripts/lock-kafka-jars.mjs 4.3.1')
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'faultline-kafka-lock-'))
try {
  const wanted = [{ group: 'org.apache.kafka', artifact: 'kafka_2.13', version }, logging]
  const dependencies = wanted.map(
    (jar) =>
      `<dependency><groupId>${jar.group}</groupId><artifactId>${jar.artifact}</artifactId><version>${jar.version}</version></dependency>`,
  )
  writeFileSync(
    join(folder, 'pom.xml'),
    `<project><modelVersion>4.0.0</modelVersion><groupId>faultline</groupId><artifactId>lock</artifactId><version>1</version>
<dependencies>${dependencies.join('')}</dependencies></project>`,
  )
  const maven = (...args) =>
    execFileSync('mvn', ['-B', '-q', '-DincludeScope=runtime', ...args], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  maven('dependency:copy-dependencies', '-DoutputDirectory=jars')
  maven('dependency:list', '-DoutputFile=list.txt')
  const list = readFileSync(join(folder, 'list.txt'), 'utf8')
  const lines = [...list.matchAll(/^\s*([\w.-]+):([\w.-]+):jar:([\w.-]+):/gm)].map(([, group, artifact, its]) => {
    const content = readFileSync(join(folder, 'jars', `${artifact}-${its}.jar`))
    return `${createHash('sha256').update(content).digest('hex')}  ${group}:${artifact}:${its}`
  })
  const head = `# Kafka's own files, as Maven Central has them: SHA-256, group:artifact:version. Written by scripts/lock-kafka-jars.mjs`
  lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
  writeFileSync(join(root, 'kafka', 'jars.lock'), `${[head, ...lines].join('\n')}\n`)
  console.log(`kafka/jars.lock: ${lines.length} files of Kafka ${version}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
