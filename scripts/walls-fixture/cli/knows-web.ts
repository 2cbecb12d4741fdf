import '../web/control/leaf.ts'
