import '../app/knows-control.ts'
