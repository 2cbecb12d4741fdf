import { leaf } from '../settings/leaf.ts'

export const above = leaf
