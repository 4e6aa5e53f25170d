import module from 'node:module'
import path from 'node:path'

/**
 * The environment by which a process or thread finds what was compiled before it. Without, each strips the types of
 * all it loads anew, and the stripper alone holds 25 MB as long as it lives.
 */
export function compileCache(): Record<string, string> {
  // Of this version of Node, within the one that was named.
  const folder = module.getCompileCacheDir()
  return folder ? { NODE_COMPILE_CACHE: path.dirname(folder) } : {}
}

/** Once all is loaded: who is killed writes nothing down as he goes. */
export const keepCompiled = () => module.flushCompileCache()
