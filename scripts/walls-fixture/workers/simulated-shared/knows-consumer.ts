import '../consumer-a/leaf.ts'
