import { z } from 'zod'
import { text, textOr } from '#contracts/environment.ts'

/** An address of a link: who connects to `host:port` is carried through the sidecar's proxy at `proxyPort`. */
const proxiedAddress = z.object({ host: z.string(), port: z.int(), proxyPort: z.int() })
export type ProxiedAddress = z.infer<typeof proxiedAddress>

const programWorkerEnvironment = z
  .object({
    FAULTLINE_LINKS: text.transform((json) => z.array(proxiedAddress).parse(JSON.parse(json ?? '[]'))),
    FAULTLINE_WEB_URL: text,
    FAULTLINE_REPORT_TOKEN: text,
    FAULTLINE_KIND: textOr('consumer').pipe(z.enum(['producer', 'consumer'])),
  })
  .transform((env) => ({
    links: env.FAULTLINE_LINKS,
    /** Where the control plane takes OTLP, and what this replica's program shows there; undefined if nobody said so. */
    reports:
      env.FAULTLINE_WEB_URL === undefined || env.FAULTLINE_REPORT_TOKEN === undefined
        ? undefined
        : { url: env.FAULTLINE_WEB_URL, token: env.FAULTLINE_REPORT_TOKEN },
    /** Whether the service takes messages; one that does not only publishes. */
    receives: env.FAULTLINE_KIND === 'consumer',
  }))

/** The environment of this worker beside that of every worker. Throws if the sidecar says what cannot be read. */
export const readProgramWorkerEnv = (
  source: Record<string, string | undefined>,
): z.output<typeof programWorkerEnvironment> => programWorkerEnvironment.parse(source)
