import { leaf } from '../wiring.ts'

export const above = leaf
