import '../broker/leaf.ts'
