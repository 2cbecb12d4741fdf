import { leaf } from '../postgres/leaf.ts'

export const above = leaf
