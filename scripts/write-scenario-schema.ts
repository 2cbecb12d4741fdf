/** Writes scenarios/schema.json, by which editors complete and check scenario files. */
import { writeFileSync } from 'node:fs'
import { scenarioJsonSchema } from '#contracts/scenario/json-schema.ts'

writeFileSync(
  new URL('../scenarios/schema.json', import.meta.url),
  `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`,
)
