import '../consume/knows-higher.ts'
