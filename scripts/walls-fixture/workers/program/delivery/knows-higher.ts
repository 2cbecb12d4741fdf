import { leaf } from '../sink/leaf.ts'

export const above = leaf
