/**
 * How web's process configures the allocator of glibc, which nothing else reads: blocks from 128 KiB on go back to the system as soon as they
 * are free, and its threads share two arenas. By default the bound grows with the largest block that was freed, and what the frames of a
 * burst took stays with the process. Defaults: what the user sets goes before them.
 */
export const givesMemoryBack: NodeJS.ProcessEnv = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
}
