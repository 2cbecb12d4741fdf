/** A file of Kafka's, by its Maven coordinates and its content. */
export interface Jar {
  group: string
  artifact: string
  version: string
  /** Hex. */
  sha256: string
}

const line = /^([0-9a-f]{64}) {2}([\w.-]+):([\w.-]+):([\w.-]+)$/

/** Reads `kafka/jars.lock`. Throws a sentence at a line that cannot be read. */
export function readJarLock(text: string): Jar[] {
  return text
    .split('\n')
    .map((content, index) => ({ content: content.trim(), number: index + 1 }))
    .filter(({ content }) => content !== '' && !content.startsWith('#'))
    .map(({ content, number }) => {
      const [, sha256, group, artifact, version] = line.exec(content) ?? []
      if (sha256 === undefined || group === undefined || artifact === undefined || version === undefined)
        throw new Error(`kafka/jars.lock, line ${number}, is not "SHA-256  group:artifact:version": ${content}`)
      return { sha256, group, artifact, version }
    })
}

export const fileOf = ({ artifact, version }: Jar): string => `${artifact}-${version}.jar`

/** Where a Maven repository, on disk or behind an address, keeps it. */
export const repositoryPathOf = (jar: Jar): string =>
  `${jar.group.replaceAll('.', '/')}/${jar.artifact}/${jar.version}/${fileOf(jar)}`

export function kafkaVersionOf(jars: readonly Jar[]): string {
  const kafka = jars.find(({ artifact }) => artifact === 'kafka_2.13')
  if (kafka === undefined) throw new Error('kafka/jars.lock names no org.apache.kafka:kafka_2.13')
  return kafka.version
}
