import { leaf } from '../publish/leaf.ts'

export const above = leaf
