import '../api/leaf.ts'
