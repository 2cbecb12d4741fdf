import 'ioredis'
