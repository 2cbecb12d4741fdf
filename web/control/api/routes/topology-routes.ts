import { z } from 'zod'
import { type Topology, topology } from '#contracts/api/topology.ts'
import type { LabDeclaration } from '#contracts/lab-declaration.ts'
import type { DeclaredLab } from '../../lab/declared-lab.ts'
import { asyncApiOf } from '../../topology/async-api.ts'
import { answer, problems } from '../api-schema.ts'
import type { ZodApp } from '../zod-app.ts'

interface TopologyParts {
  topology(): Topology
  declaration: () => LabDeclaration
  lab(): DeclaredLab
  version: string
  /** Address of an SNS/SQS broker, if there is one. */
  brokerUrl?: string | undefined
}

export function topologyRoutes(app: ZodApp, parts: TopologyParts): void {
  app.get(
    '/api/topology',
    {
      schema: {
        operationId: 'getTopology',
        summary: 'The declared and observed graph',
        tags: ['topology'],
        response: { 200: answer('Nodes with their states, and edges.', topology), ...problems() },
      },
    },
    async () => parts.topology(),
  )
  app.get(
    '/api/topology/asyncapi',
    {
      schema: {
        operationId: 'getAsyncApi',
        summary: 'The declared graph as AsyncAPI 3.0',
        tags: ['topology'],
        response: { 200: answer('An AsyncAPI 3.0 document.', z.record(z.string(), z.unknown())), ...problems() },
      },
    },
    async () => asyncApiOf(parts.declaration(), parts.lab(), parts),
  )
}
