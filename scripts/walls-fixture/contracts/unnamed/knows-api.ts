import '../api/knows-higher.ts'
