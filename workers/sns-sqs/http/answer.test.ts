import { expect, test } from 'vitest'
import type { ActionServices } from '../actions/action.ts'
import { answerTo } from './answer.ts'

test('what goes wrong before an answer is begun is reported to whoever waits for it', async () => {
  const broken = new Error('no clock')
  const clock = {
    now: () => {
      throw broken
    },
  }
  const asking = {
    ...{ method: 'POST', url: '/', headers: { 'x-amz-target': 'AmazonSQS.ListQueues' }, body: Buffer.from('{}') },
    ...{ client: { gone: false, onGone: () => () => {} }, drop: () => {}, secure: false },
  }
  const options = { account: '123456789012', secretAccessKey: 'secret' }
  await expect(answerTo(asking, { clock } as unknown as ActionServices, options)).rejects.toBe(broken)
})
