import '../shell/leaf.ts'
