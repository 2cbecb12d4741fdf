import type { TestSimulator } from './simulator.contract.ts'

/** One call in the JSON protocol of SQS; a text is sent as it is. */
export async function callJson(simulator: TestSimulator, target: string, body: unknown) {
  const answer = await fetch(simulator.url, {
    method: 'POST',
    headers: { 'X-Amz-Target': `AmazonSQS.${target}`, 'Content-Type': 'application/x-amz-json-1.0' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: answer.status, headers: answer.headers, body: await answer.json() }
}

/** The text of the first XML element of this name. */
export const element = (text: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
