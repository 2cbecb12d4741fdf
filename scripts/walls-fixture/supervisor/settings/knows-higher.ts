import { leaf } from '../process/leaf.ts'

export const above = leaf
