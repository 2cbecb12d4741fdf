import '../web/live/knows-control.ts'
