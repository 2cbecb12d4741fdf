import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'

/** Why a command cannot be started in a directory, for a person; undefined if it can. `path` is the variable PATH. */
export async function commandProblem(
  command: string,
  directory: string,
  path: string | undefined,
): Promise<string | undefined> {
  if (!(await isDirectory(directory))) return `the directory ${directory} does not exist`
  if (command.includes('/')) return fileProblem(resolve(directory, command))
  const places = (path ?? '').split(delimiter).filter((place) => place !== '')
  for (const place of places) if ((await fileProblem(join(place, command))) === undefined) return undefined
  return `the command ${command} was not found in PATH`
}

async function fileProblem(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) return `${file} is not a file`
  } catch {
    return `${file} does not exist`
  }
  return access(file, constants.X_OK).then(
    () => undefined,
    () => `${file} may not be executed: chmod +x it, or name its interpreter in the command`,
  )
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
