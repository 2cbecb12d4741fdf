import type { Problem } from '#contracts/errors.ts'
import { pathOfPointer } from '#contracts/json-pointer.ts'
import type { FileProblem as ToldProblem } from '#contracts/yaml-document/file-problem.ts'
import { offsetAt, tokenAt } from './text-places.ts'

/** Something wrong in the text of the file. */
export interface PlacedProblem {
  /** `15:16`; undefined if it is about the file as a whole. */
  place: string | undefined
  line: number | undefined
  /** The word to underline. */
  token: { from: number; to: number } | undefined
  /** Path in the file, as the reader knows it. */
  path: string
  message: string
  /** What is there, and what was probably meant. */
  fix: { label: string; text: string } | undefined
}

/** What a server says is wrong with a text, with its places in it. */
export function fileProblems({ errors, title, detail }: Problem, text: string): PlacedProblem[] {
  if (!errors || errors.length === 0) {
    return [
      {
        ...{ place: undefined, line: undefined, token: undefined, path: '', fix: undefined },
        message: `${title}. ${detail}`,
      },
    ]
  }
  return errors.map((error) => placed(error, text))
}

function placed(error: NonNullable<Problem['errors']>[number], text: string): PlacedProblem {
  const { line, column = 1, message } = error
  if (line === undefined)
    return { ...{ place: undefined, line, token: undefined, fix: undefined }, path: shownPath(error.path), message }
  const token = tokenAt(text, offsetAt(text, line, column))
  const closest = closestName.exec(message)?.[1]
  return {
    ...{ place: `${line}:${column}`, line, token, message },
    path: shownPath(error.path),
    fix: closest === undefined ? undefined : { label: `Use ${closest}`, text: closest },
  }
}

/** What a check of a text says, with its places in it. */
export const shownProblems = (problems: readonly ToldProblem[], text: string): PlacedProblem[] =>
  problems.map(({ line, column, path, cause, remedy }) =>
    placed({ line, column, path, message: remedy === '' ? cause : `${cause}; ${remedy}` }, text),
  )

/** The name that the server thinks was meant is at the end of what it says. */
const closestName = /(?:closest is|did you mean) ([\w.>-]+?)\??$/

/** `/services/warehouse/receives/0` as the file has it: `services.warehouse.receives[0]`. */
const shownPath = (pointer: string): string =>
  pathOfPointer(pointer)
    .map((part, at) => (/^\d+$/.test(part) ? `[${part}]` : `${at === 0 ? '' : '.'}${part}`))
    .join('')
