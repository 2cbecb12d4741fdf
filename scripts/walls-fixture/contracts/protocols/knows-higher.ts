import { leaf } from '../api/leaf.ts'

export const above = leaf
