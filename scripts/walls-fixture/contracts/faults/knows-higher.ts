import { leaf } from '../protocols/leaf.ts'

export const above = leaf
