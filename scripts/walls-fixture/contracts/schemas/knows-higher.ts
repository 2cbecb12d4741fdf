import { leaf } from '../brokers/leaf.ts'

export const above = leaf
