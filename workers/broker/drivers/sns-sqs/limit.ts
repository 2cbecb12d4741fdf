/** Runs tasks, at most `max` at a time, the others in the order in which they came. */
export function createLimit(max: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (task) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve))
    else running += 1
    try {
      return await task()
    } finally {
      // The slot goes straight to the next in line, so that nobody can overtake it.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
