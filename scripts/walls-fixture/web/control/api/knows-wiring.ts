import '../leaf.ts'
