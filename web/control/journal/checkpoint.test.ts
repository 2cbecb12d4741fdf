import { describe, expect, it } from 'vitest'
import { isCheckpointDue } from './checkpoint.ts'

const mebibyte = 1024 * 1024

describe('checkpoint', () => {
  it('is due with each segment while it is small, and later takes a fifth of what is written at most', () => {
    expect(isCheckpointDue(32 * mebibyte, 0)).toBe(true)
    expect(isCheckpointDue(1, 4 * mebibyte)).toBe(true)
    expect(isCheckpointDue(32 * mebibyte, 8 * mebibyte)).toBe(true)
    expect(isCheckpointDue(32 * mebibyte, 9 * mebibyte)).toBe(false)
    expect(isCheckpointDue(480 * mebibyte, 125 * mebibyte)).toBe(false)
    expect(isCheckpointDue(512 * mebibyte, 125 * mebibyte)).toBe(true)
  })
})
