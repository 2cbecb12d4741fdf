import '../faults/knows-higher.ts'
