import { leaf } from '../links/leaf.ts'

export const above = leaf
