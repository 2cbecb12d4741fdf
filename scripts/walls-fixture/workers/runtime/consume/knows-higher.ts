import { leaf } from '../defects/leaf.ts'

export const above = leaf
