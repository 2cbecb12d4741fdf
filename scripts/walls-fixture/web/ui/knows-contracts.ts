import '../../contracts/leaf.ts'
