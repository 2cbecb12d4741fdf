import { leaf } from '../consume/leaf.ts'

export const above = leaf
