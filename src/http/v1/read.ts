import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { IN_OUR_WORDS } from '../words';

/**
 * Reads what clients send by the schemas of the routes, and says in words of ours what is wrong. The type provider's own
 * compiler has no place for words.
 */
export function readInOurWords(server: FastifyInstance): void {
  server.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (given: unknown) => {
    // fastify's word for no body.
    const value = httpPart === 'body' && given === null ? undefined : given;
    const { data, error } = z.safeParse(schema, value, IN_OUR_WORDS);
    return error ? { error: error.issues.map(wrongField) } : { value: data };
  });
}

/** As fastify passes it on to the handler of errors. */
function wrongField({ code, path, message }: z.core.$ZodIssue) {
  const instancePath = `/${path.join('/')}`;
  return { keyword: code, instancePath, schemaPath: `#${instancePath}`, params: {}, message };
}
