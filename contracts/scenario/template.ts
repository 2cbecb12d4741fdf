import { nameRemedy } from '../yaml-document/closest-name.ts'

/**
 * Strings of a payload may hold generators: `{{uuid}}`, `{{email}}`, `{{index}}`, `{{key}}`, `{{word}}`, `{{int 1 100}}`,
 * `{{decimal 1 100 2}}`, `{{pick a b c}}`. A string that is one generator of a number and nothing else becomes that number.
 */
export type Generator =
  | { kind: 'uuid' | 'email' | 'index' | 'key' | 'word' }
  | { kind: 'int'; min: number; max: number }
  | { kind: 'decimal'; min: number; max: number; digits: number }
  | { kind: 'pick'; choices: string[] }

export type TemplatePart = string | Generator

export const generatorNames = ['uuid', 'email', 'index', 'key', 'word', 'int', 'decimal', 'pick'] as const

/** What is wrong with a template, and what to write. */
export interface TemplateProblem {
  cause: string
  remedy: string
}

/** The parts of a string in their order; a string without generators is one part. */
export function parseTemplate(text: string): { parts: TemplatePart[]; problems: TemplateProblem[] } {
  const parts: TemplatePart[] = []
  const problems: TemplateProblem[] = []
  const pieces = text.split(/\{\{(.*?)\}\}/s)
  for (const [index, piece] of pieces.entries()) {
    if (index % 2 === 0) {
      if (piece.includes('{{')) problems.push({ cause: 'a generator is not closed', remedy: 'end it with }}' })
      if (piece !== '') parts.push(piece)
      continue
    }
    const generator = parseGenerator(piece.trim().split(/\s+/))
    if ('cause' in generator) problems.push(generator)
    else parts.push(generator)
  }
  return { parts, problems }
}

function parseGenerator([kind = '', ...words]: string[]): Generator | TemplateProblem {
  switch (kind) {
    case 'uuid':
    case 'email':
    case 'index':
    case 'key':
    case 'word':
      return words.length === 0
        ? { kind }
        : { cause: `{{${kind}}} takes nothing after its name`, remedy: `write {{${kind}}}` }
    case 'int':
    case 'decimal': {
      const [min = Number.NaN, max = Number.NaN, digits = 2] = words.map(Number)
      const whole = kind === 'int' ? Number.isSafeInteger(min) && Number.isSafeInteger(max) : true
      const isRight = whole && min <= max && words.length >= 2 && words.length <= (kind === 'int' ? 2 : 3)
      const fits = Number.isInteger(digits) && digits >= 0 && digits <= 10
      if (!isRight || !fits)
        return {
          cause: `{{${[kind, ...words].join(' ')}}} is not a range`,
          remedy: kind === 'int' ? 'write {{int 1 100}}' : 'write {{decimal 1 100 2}}: from, to, decimal places',
        }
      return kind === 'int' ? { kind, min, max } : { kind, min, max, digits }
    }
    case 'pick':
      return words.length > 0
        ? { kind, choices: words }
        : { cause: '{{pick}} has no choices', remedy: 'write {{pick red green blue}}' }
    default:
      return { cause: `there is no generator "${kind}"`, remedy: nameRemedy(kind, generatorNames) }
  }
}
