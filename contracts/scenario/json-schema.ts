import { z } from 'zod'
import { faultList } from '../faults/fault-list.ts'
import { paramNames } from './fault-params.ts'
import { metricNames } from './metrics.ts'
import { scenarioFile } from './scenario-file.ts'

type Json = Record<string, unknown>

/** The schema of a scenario file for editors: `scenarios/schema.json`. What it cannot say, `faultline validate` does. */
export function scenarioJsonSchema(): Json {
  const schema = z.toJSONSchema(scenarioFile, {
    io: 'input',
    override({ jsonSchema, path }) {
      const key = path.at(-1)
      // Names that are completed while one writes.
      if (key === 'metric') jsonSchema.enum = [...metricNames]
      if (key === 'type' && path.includes('faults')) jsonSchema.enum = faultList.map(({ type }) => type)
      if (path.join('/') === 'properties/faults/items') Object.assign(jsonSchema, { allOf: faultList.map(paramsOf) })
    },
  })
  return { ...schema, title: 'Faultline scenario' }
}

function paramsOf(definition: (typeof faultList)[number]): Json {
  const properties = Object.fromEntries(paramNames(definition).map((name) => [name, schemaOfParam(definition, name)]))
  return {
    if: { properties: { type: { const: definition.type } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { params: { properties, additionalProperties: false } } },
  }
}

function schemaOfParam(definition: (typeof faultList)[number], name: string): Json {
  const own = definition.params.shape[name] ? name : `${name}Ms`
  const field: unknown = definition.params.shape[own]
  const meta = field instanceof z.ZodType ? field.meta() : undefined
  return {
    ...(own === name ? {} : { type: 'string' }),
    ...(typeof meta?.description === 'string' ? { description: meta.description } : {}),
  }
}
