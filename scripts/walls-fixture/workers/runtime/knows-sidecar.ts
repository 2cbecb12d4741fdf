import '../sidecar/leaf.ts'
