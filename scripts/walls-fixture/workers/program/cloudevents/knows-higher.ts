import { leaf } from '../causes/leaf.ts'

export const above = leaf
