/** One line of a difference. `changed`: the part of it that differs from its counterpart, as [from, to). */
export interface DiffLine {
  kind: 'same' | 'before' | 'after'
  text: string
  changed?: [number, number]
}

/** Lines of either text beyond which they are not compared one by one, but shown as replaced. */
const mostLines = 2_000

/** What differs between two texts, line by line, in the order of reading. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let from = 0
  while (from < old.length && from < now.length && old[from] === now[from]) from += 1
  let tail = 0
  while (tail < old.length - from && tail < now.length - from && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [
    ...old.slice(0, from).map(same),
    ...middle(old.slice(from, old.length - tail), now.slice(from, now.length - tail)),
    ...old.slice(old.length - tail).map(same),
  ]
}

function middle(old: readonly string[], now: readonly string[]): DiffLine[] {
  if (old.length > mostLines || now.length > mostLines) return replaced(old, now)
  const width = now.length + 1
  // Lengths of the longest common rest, from each pair of lines on.
  const rest = new Uint16Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      rest[i * width + j] =
        old[i] === now[j]
          ? (rest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(rest[(i + 1) * width + j] ?? 0, rest[i * width + j + 1] ?? 0)
    }
  }
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  let [gone, come]: [string[], string[]] = [[], []]
  const flush = (): void => {
    lines.push(...replaced(gone, come))
    ;[gone, come] = [[], []]
  }
  while (i < old.length || j < now.length) {
    const [line, next] = [old[i], now[j]]
    if (line !== undefined && line === next) {
      flush()
      lines.push({ kind: 'same', text: line })
      i += 1
      j += 1
    } else if (
      next === undefined ||
      (line !== undefined && (rest[(i + 1) * width + j] ?? 0) >= (rest[i * width + j + 1] ?? 0))
    ) {
      gone.push(line ?? '')
      i += 1
    } else {
      come.push(next)
      j += 1
    }
  }
  flush()
  return lines
}

/** Lines that gave way to others; if they are as many, each is compared with its counterpart. */
function replaced(old: readonly string[], now: readonly string[]): DiffLine[] {
  const paired = old.length === now.length
  return [
    ...old.map((text, index) => side('before', text, paired ? now[index] : undefined)),
    ...now.map((text, index) => side('after', text, paired ? old[index] : undefined)),
  ]
}

function side(kind: 'before' | 'after', text: string, other: string | undefined): DiffLine {
  if (other === undefined) return { kind, text }
  let from = 0
  while (from < text.length && text[from] === other[from]) from += 1
  let tail = 0
  while (tail < Math.min(text.length, other.length) - from && text.at(-1 - tail) === other.at(-1 - tail)) tail += 1
  return { kind, text, changed: [from, text.length - tail] }
}
