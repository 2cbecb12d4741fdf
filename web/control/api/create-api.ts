import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger, { type SwaggerTransformObject } from '@fastify/swagger'
import fastify, { type FastifyInstance, type FastifySerializerCompiler } from 'fastify'
import {
  createJsonSchemaTransform,
  createJsonSchemaTransformObject,
  serializerCompiler,
} from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { withExactTexts, writeJson } from '#contracts/events/exact-json.ts'
import type { AccessToken } from '../access/access-token.ts'
import type { RequestGuard } from '../access/request-guard.ts'
import { ApiProblem } from '../problem/problem.ts'
import { answerProblems, answerUnreadable, apiProblemOf, sendProblem } from './answer-problems.ts'
import { acceptJsonBodies, bodyLimitBytes } from './json-body.ts'
import { namedSchemas } from './named-schemas.ts'
import { refuseUnstorable } from './stored-text.ts'
import type { ZodApp } from './zod-app.ts'
import { zodValidator } from './zod-validator.ts'

/** Requests of one address in a second. Far beyond what one machine serves; it stops a loop gone wild. */
const requestsPerSecond = 20_000

export interface ApiOptions {
  /** Of this Faultline, for the description. */
  version: string
  guard: RequestGuard
  token: AccessToken
  log: Logger
  /** Adds the routes; each takes the parts that it works on. */
  routes: (app: ZodApp) => void
  /** Answers what the API has no route for; absent: `not_found`. */
  pages?: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** Checks every answer against its schema, for tests. Otherwise answers are only serialised. */
  checkAnswers?: boolean
}

/** The HTTP surface: guards, REST routes, problem documents and, below them, the pages. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance<Server>> {
  const { version, guard, token, log, pages, checkAnswers = false } = options
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    // Slow senders are cut off at these times, give or take a second; a publish takes at most its own deadline.
    requestTimeout: 30_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error, _request, reply) => sendProblem(reply, apiProblemOf(error)),
    clientErrorHandler: answerUnreadable,
  })
  acceptJsonBodies(app)
  refuseUnstorable(app)
  app.setValidatorCompiler(zodValidator)
  app.setSerializerCompiler(checkAnswers ? checkedSerializer : () => writeJson)
  answerProblems(app, { log, pages })

  const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
  app.addHook('onRequest', (request, _reply, done) => {
    const refusal = guard.check(request.raw, writes.has(request.method))
    if (refusal) return done(new ApiProblem(refusal.code, refusal.detail))
    const open = request.routeOptions.config.open === true || request.is404
    if (!open && !token.admits(request.headers)) {
      return done(new ApiProblem('unauthorized', 'send the header "Authorization: Bearer <FAULTLINE_TOKEN>"'))
    }
    done()
  })

  // The pages bring a policy of their own; answers of the API are data, never documents that load something.
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    strictTransportSecurity: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
  })
  await app.register(rateLimit, {
    max: requestsPerSecond,
    timeWindow: 1_000,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request, { max, after }) =>
      new ApiProblem('too_many_requests', `more than ${max} requests in a second; try again in ${after}`),
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Faultline',
        version: version,
        description: 'Publish events, follow each one through the lab, and change what the lab is made of.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'FAULTLINE_TOKEN, where one is set.' },
        },
      },
      security: [{ token: [] }, {}],
    },
    transform: createJsonSchemaTransform({ schemaRegistry: namedSchemas }),
    transformObject: withoutInputTwins(createJsonSchemaTransformObject({ schemaRegistry: namedSchemas })),
  })
  await app.register(async (api) => options.routes(api))
  return app
}

/** Refuses an answer that is not as its route says. */
const checkedSerializer: FastifySerializerCompiler<z.ZodType> = (route) => {
  const write = serializerCompiler(route)
  return (value) => withExactTexts(write(value))
}

/** Every named schema is made twice, as input and as output; the API names outputs only. */
function withoutInputTwins(transform: SwaggerTransformObject): SwaggerTransformObject {
  return (document) => {
    const described = transform(document)
    if (!('components' in described) || !described.components?.schemas) return described
    const { schemas } = described.components
    const used = Object.fromEntries(Object.entries(schemas).filter(([name]) => !name.endsWith('Input')))
    return { ...described, components: { ...described.components, schemas: used } } as typeof described
  }
}
