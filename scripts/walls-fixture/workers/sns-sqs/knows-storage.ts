import '../../storage/leaf.ts'
