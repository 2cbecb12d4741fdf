import { ExactJson, writeJson } from '#contracts/events/exact-json.ts'

const width = 84

/**
 * Compact JSON, broken into lines that are below each other after `-d '`. Spaces between tokens mean nothing, so the
 * text stays exact; text that fits on one line is not broken.
 * @param column where the opening quote is
 */
export function jsonForShell(value: unknown, column: number): string {
  return layout(value, column + 2)
}

function layout(value: unknown, column: number): string {
  const line = value === undefined ? 'null' : writeJson(value)
  if (column + line.length <= width || typeof value !== 'object' || value === null || value instanceof ExactJson)
    return line
  const indent = `\n${' '.repeat(column + 1)}`
  if (Array.isArray(value)) return `[${value.map((item) => layout(item, column + 1)).join(`,${indent}`)}]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  const lines = entries.map(([key, item]) => {
    const label = `${JSON.stringify(key)}:`
    return label + layout(item, column + 1 + label.length)
  })
  return `{${lines.join(`,${indent}`)}}`
}
