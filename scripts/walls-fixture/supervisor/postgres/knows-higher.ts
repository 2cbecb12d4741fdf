import { leaf } from '../kafka/leaf.ts'

export const above = leaf
