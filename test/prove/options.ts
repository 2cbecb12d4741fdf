/** Ends a command that was called wrongly, with the code 2, and says why. */
export function refuse(problem: string): never {
  console.error(problem)
  process.exit(2)
}

/** The names of a list `a,b` that an option was given, all of them if it was not; refuses a name that is not known. */
export function chosen<Name extends string>(option: string, given: string | undefined, all: readonly Name[]): Name[] {
  if (given === undefined) return [...all]
  return given.split(',').map((text) => {
    return all.find((name) => name === text) ?? refuse(`--${option} ${text} is not known: give ${all.join(', ')}`)
  })
}

/** A whole number from 0 to 9999; refuses another text. */
export function wholeNumber(option: string, given: string): number {
  if (!/^\d{1,4}$/.test(given)) refuse(`--${option} ${given} is not valid: give a whole number from 0 to 9999`)
  return Number(given)
}
