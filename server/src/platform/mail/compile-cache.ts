import module from 'node:module'
import process from 'node:process'

/**
 * The environment by which a process or thread finds what was compiled before it. Without, each strips the types of
 * all it loads anew, and the stripper alone holds 25 MB as long as it lives.
 */
export const compileCache = (): Record<string, string> => {
  const { NODE_COMPILE_CACHE } = process.env
  return NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}
}

/** Once all is loaded: who is killed writes nothing down as he goes. */
export const keepCompiled = () => module.flushCompileCache()
