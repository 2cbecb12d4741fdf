import type { Stack } from './stack.ts'

/** What the effect store holds of some messages: a witness that no process of the pipe speaks for. */
export interface Effects {
  missingRows: number
  missingMails: number
  duplicateMails: number
}

/** Asks PostgreSQL in its own container, as its port is not published. */
export async function effectsOf(stack: Stack, ids: readonly string[]): Promise<Effects> {
  for (const id of ids) if (!/^[\w:.-]+$/.test(id)) throw new Error(`"${id}" is not a message id`)
  const wanted = ids.map((id) => `('${id}')`).join(',')
  const sql = `
    CREATE TEMPORARY TABLE wanted (id text PRIMARY KEY);
    INSERT INTO wanted VALUES ${wanted};
    SELECT (SELECT count(*) FROM wanted WHERE NOT EXISTS (SELECT FROM inbox WHERE message_id = id)),
           (SELECT count(*) FROM wanted WHERE NOT EXISTS (SELECT FROM mails WHERE message_id = id)),
           (SELECT count(*) - count(DISTINCT message_id) FROM mails WHERE message_id IN (SELECT id FROM wanted));`
  const script = Buffer.from(sql).toString('base64')
  const answer = await stack.shell(
    `base64 -d <<<'${script}' | docker exec -i ${stack.nameOf('postgres')} psql -U faultline -qAt -F ' ' -v ON_ERROR_STOP=1`,
  )
  const [missingRows = Number.NaN, missingMails = Number.NaN, duplicateMails = Number.NaN] = answer
    .trim()
    .split(' ')
    .map(Number)
  return { missingRows, missingMails, duplicateMails }
}
