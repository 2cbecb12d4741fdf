import { leaf } from '../events/leaf.ts'

export const above = leaf
