import '../contracts/leaf.ts'
