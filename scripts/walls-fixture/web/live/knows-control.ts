import '../control/knows-app.ts'
