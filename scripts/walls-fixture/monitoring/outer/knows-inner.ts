import '../inner/leaf.ts'
