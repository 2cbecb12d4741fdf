import '../broker/drivers/leaf.ts'
