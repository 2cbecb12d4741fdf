import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  SendMessageBatchCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { expect, test } from 'vitest'
import type { SqsBench } from './sqs-bench.contract.ts'

/** Move tasks: S22. */
export function sqsMoveRules(bench: SqsBench): void {
  const { send, bodies, redrive } = bench

  test('S22 a move task takes dead letters back to where they came from', async () => {
    const dead = await bench.simulator.newQueue('dead')
    const one = await bench.simulator.newQueue('one', redrive(dead.arn))
    const two = await bench.simulator.newQueue('two', redrive(dead.arn))
    for (const [url, body] of [
      [one.url, '1'],
      [two.url, '2'],
    ] as const) {
      await send(url, body)
      await bench.simulator.receive(url, { VisibilityTimeout: 0 })
      await bench.simulator.receive(url)
    }
    expect((await bench.simulator.attributesOf(dead.url)).ApproximateNumberOfMessages).toBe('2')
    const { TaskHandle } = await bench.simulator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }))
    expect(TaskHandle).toMatch(/^[A-Za-z0-9+/=]+$/)
    const tasks = async () =>
      (await bench.simulator.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }))).Results ?? []
    await expect.poll(async () => (await tasks())[0]?.Status).toBe('COMPLETED')
    expect((await tasks())[0]).toMatchObject({
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
      SourceArn: dead.arn,
    })
    expect([await bodies(one.url), await bodies(two.url)]).toEqual([['1'], ['2']])
  })

  test('S22 a move task has a rate, is one per source, and is cancelled', async () => {
    const dead = await bench.simulator.newQueue('dead')
    await bench.simulator.newQueue('one', redrive(dead.arn))
    const to = await bench.simulator.newQueue('to')
    const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `e${n}`, MessageBody: `m${n}` }))
    await bench.simulator.sqs.send(new SendMessageBatchCommand({ QueueUrl: dead.url, Entries }))
    const start = () =>
      bench.simulator.sqs.send(
        new StartMessageMoveTaskCommand({
          SourceArn: dead.arn,
          DestinationArn: to.arn,
          MaxNumberOfMessagesPerSecond: 1,
        }),
      )
    const { TaskHandle } = await start()
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('already a task running') })
    const { ApproximateNumberOfMessagesMoved: moved = 99 } = await bench.simulator.sqs.send(
      new CancelMessageMoveTaskCommand({ TaskHandle }),
    )
    expect(moved).toBeLessThan(10)
    const { Results = [] } = await bench.simulator.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }))
    expect(Results[0]).toMatchObject({ Status: 'CANCELLED', MaxNumberOfMessagesPerSecond: 1, DestinationArn: to.arn })
    expect(Results[0]?.TaskHandle).toBeUndefined()
    await expect(bench.simulator.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 404 },
    })
    await expect(
      bench.simulator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: to.arn })),
    ).rejects.toMatchObject({
      message: 'Source queue must be configured as a Dead Letter Queue.',
    })
  })

  test('S22 a message of which nobody knows the source fails a task without a destination', async () => {
    const dead = await bench.simulator.newQueue('dead')
    await bench.simulator.newQueue('one', redrive(dead.arn))
    await send(dead.url, 'direct')
    await bench.simulator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }))
    const task = async () =>
      (await bench.simulator.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }))).Results?.[0]
    await expect.poll(async () => (await task())?.Status).toBe('FAILED')
    expect((await task())?.FailureReason).toBe('CouldNotDetermineMessageSource')
  })
}
