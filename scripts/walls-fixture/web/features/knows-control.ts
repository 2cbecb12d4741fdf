import '../control/leaf.ts'
