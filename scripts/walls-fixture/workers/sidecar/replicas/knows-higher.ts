import { leaf } from '../faults/leaf.ts'

export const above = leaf
