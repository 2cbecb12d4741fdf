import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { findJava, majorOf, NoJava } from './java.ts'

/** A folder that looks like a Java of this version: its program says so, or the file beside it does. */
async function fakeJava(version: string, releaseFile: boolean): Promise<string> {
  const home = await temporaryFolder('java')
  await mkdir(join(home, 'bin'))
  const program = releaseFile ? 'exit 1' : `echo 'openjdk version "${version}" 2020-01-01' >&2`
  await writeFile(join(home, 'bin', 'java'), `#!/bin/sh\n${program}\n`)
  await chmod(join(home, 'bin', 'java'), 0o755)
  if (releaseFile) await writeFile(join(home, 'release'), `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n`)
  return home
}

it.each([true, false])('takes the Java of JAVA_HOME, else that of the PATH (release file: %s)', async (releaseFile) => {
  const home = await fakeJava('21.0.4', releaseFile)
  const onPath = await fakeJava('17.0.9', releaseFile)
  const PATH = `${join(onPath, 'bin')}:/usr/bin:/bin`
  expect(await findJava({ JAVA_HOME: home, PATH })).toEqual({ path: join(home, 'bin', 'java'), version: '21.0.4' })
  expect(await findJava({ PATH })).toEqual({ path: join(onPath, 'bin', 'java'), version: '17.0.9' })
})

it('passes over one that is too old, and says its version where there is no other', async () => {
  const old = await fakeJava('1.8.0_392', true)
  const good = await fakeJava('17.0.9', true)
  const JAVA_HOME = old
  expect(await findJava({ JAVA_HOME, PATH: join(good, 'bin') })).toMatchObject({ version: '17.0.9' })
  const failed = findJava({ JAVA_HOME, PATH: '' })
  await expect(failed).rejects.toThrow(NoJava)
  await expect(failed).rejects.toThrow(/needs Java 17 or newer and .*java is 1\.8\.0_392: install one .*KAFKA_BROKERS/)
})

it('says what to do where there is none, or only one that does not run', async () => {
  const broken = await temporaryFolder('java')
  await writeFile(join(broken, 'java'), '#!/bin/sh\nexit 2\n')
  await chmod(join(broken, 'java'), 0o755)
  await expect(findJava({ PATH: `${broken}:/nowhere` })).rejects.toThrow(
    /Java 17 or newer is not on this machine: install one .*docker compose up/,
  )
})

it.each([
  ['1.8.0_392', 8],
  ['17.0.15', 17],
  ['25', 25],
  ['24-ea', 24],
])('reads the version %s as Java %i', (version, major) => expect(majorOf(version)).toBe(major))
