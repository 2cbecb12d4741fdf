import '@prisma/client'
