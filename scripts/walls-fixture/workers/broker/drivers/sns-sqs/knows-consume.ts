import { leaf } from './consume/leaf.ts'

export const received = leaf
