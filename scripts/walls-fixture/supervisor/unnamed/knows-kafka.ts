import '../kafka/knows-higher.ts'
