import '../sink/leaf.ts'
