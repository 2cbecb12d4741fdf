import type { Clause, Evidence } from '../api/narration.ts'

/** A piece of text that was read somewhere. There is no other way to get a figure or a name into a clause. */
export interface EvidencedText {
  text: string
  from: readonly [Evidence, ...Evidence[]]
}

/** When a clause happened, and evidence beside that of its text. */
export interface ClauseFrame {
  t: number
  until?: number | undefined
  also?: readonly (Evidence | undefined)[]
}

/**
 * Makes a clause: ``say({ t })`**${name} was killed** at ${time}` ``. Two asterisks begin and end its claim. It takes one piece of evidence at
 * least, so there is no clause without.
 */
export const say =
  ({ t, until, also = [] }: ClauseFrame) =>
  (texts: TemplateStringsArray, first: EvidencedText, ...others: readonly EvidencedText[]): Clause => ({
    ...{ t, ...(until === undefined ? {} : { until }) },
    parts: partsOf(texts, [first, ...others]),
    evidence: merged(first.from[0], [
      ...first.from.slice(1),
      ...others.flatMap(({ from }) => from),
      ...also.flatMap((piece) => piece ?? []),
    ]),
  })

function partsOf(texts: TemplateStringsArray, pieces: readonly EvidencedText[]): Clause['parts'] {
  const parts: Clause['parts'] = []
  let isClaim = false
  const add = (text: string): void => {
    const last = parts.at(-1)
    if (text === '') return
    if (last && (last.claim === true) === isClaim) last.text += text
    else parts.push({ text, ...(isClaim ? { claim: true } : {}) })
  }
  for (const [index, text] of texts.entries()) {
    for (const [turn, piece] of text.split('**').entries()) {
      if (turn > 0) isClaim = !isClaim
      add(piece)
    }
    add(pieces[index]?.text ?? '')
  }
  return parts
}

/** One chip for what was read at one place. */
function merged(first: Evidence, others: readonly Evidence[]): [Evidence, ...Evidence[]] {
  const all: [Evidence, ...Evidence[]] = [{ ...first, readings: [...first.readings] }]
  for (const piece of others) {
    const same = all.find(
      ({ kind, label, line, id }) =>
        kind === piece.kind && label === piece.label && line === piece.line && id === piece.id,
    )
    if (!same) {
      all.push({ ...piece, readings: [...piece.readings] })
      continue
    }
    for (const reading of piece.readings) {
      if (!same.readings.some(({ text, value }) => text === reading.text && value === reading.value))
        same.readings.push(reading)
    }
  }
  return all
}
