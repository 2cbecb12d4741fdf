import type { Command } from '../process/command.ts'
import type { Java } from './java.ts'

export interface KafkaClasses {
  java: Java
  /** Absolute paths of the jars, in the order in which they are searched. */
  classPath: readonly string[]
  /** Absolute path of `kafka/config/log4j2.properties`. */
  logging: string
  /** Options for the heap, in place of the small default: as Kafka's own scripts read them. */
  heapOptions?: string | undefined
}

/** Quick to start and small: one collector thread, one compiler, and a heap for a laboratory. */
const laptop = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true']
const smallHeap = '-Xmx256m'

/** Java running a class of Kafka's. */
export function kafkaCommand(classes: KafkaClasses, options: string[], main: string, args: string[]): Command {
  const heap = (classes.heapOptions ?? smallHeap).split(/\s+/).filter((option) => option !== '')
  const logging = [`-Dlog4j2.configurationFile=${classes.logging}`]
  return {
    program: classes.java.path,
    args: [...heap, ...laptop, ...logging, ...options, '-cp', classes.classPath.join(':'), main, ...args],
  }
}
