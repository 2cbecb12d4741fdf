import { leaf } from '../cloudevents/leaf.ts'

export const above = leaf
