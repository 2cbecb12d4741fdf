import './leaf.test.ts'
