import { leaf } from '../delivery/leaf.ts'

export const above = leaf
