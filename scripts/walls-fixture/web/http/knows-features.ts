import '../features/leaf.ts'
