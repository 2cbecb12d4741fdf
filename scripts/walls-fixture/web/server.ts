import './features/leaf.ts'
