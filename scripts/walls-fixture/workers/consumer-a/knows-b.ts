import '../consumer-b/leaf.ts'
