import { parentPort, workerData } from 'node:worker_threads'
import type { Example } from './classifier.ts'
import { learn } from './learning.ts'

parentPort!.postMessage(learn(workerData as Example[]))
