const place = /([\w.-]+\.(?:[cm]?[jt]sx?)):(\d+)/

/** The innermost places of a stack that are the project's own, `file:line`, at most two. */
export function stackPlaces(stack: string | undefined): string[] {
  const lines = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const own = lines.filter((line) => !line.includes('node_modules') && !line.includes('node:'))
  const places = own.flatMap((line) => {
    const match = place.exec(line)
    return match ? [`${match[1]}:${match[2]}`] : []
  })
  return [...new Set(places)].slice(0, 2)
}
