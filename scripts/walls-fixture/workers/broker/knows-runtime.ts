import '../runtime/leaf.ts'
