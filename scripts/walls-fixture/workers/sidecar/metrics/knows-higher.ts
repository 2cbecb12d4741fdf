import { leaf } from '../telemetry/leaf.ts'

export const above = leaf
