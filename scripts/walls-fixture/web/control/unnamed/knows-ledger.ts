import '../ledger/leaf.ts'
