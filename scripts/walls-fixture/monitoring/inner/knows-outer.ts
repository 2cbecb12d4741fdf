import '../outer/leaf.ts'
