import { Ajv2020 } from 'ajv/dist/2020';
import type { OpenAPIV3_1 } from 'openapi-types';

/** What is wrong with an answer by the OpenAPI document; empty if nothing is. */
export function answerProblems(
  document: OpenAPIV3_1.Document,
  {
    path,
    method = 'get',
    status = 200,
  }: { path: string; method?: 'get' | 'post'; status?: number },
  body: unknown,
): readonly string[] {
  const ajv = known.get(document) ?? begin(document);
  const pointer = path.replaceAll('~', '~0').replaceAll('/', '~1');
  const [code, type] =
    status === 200 ? ['200', 'application~1json'] : ['default', 'application~1problem+json'];
  const validate = ajv.compile({
    $ref: `api#/paths/${pointer}/${method}/responses/${code}/content/${type}/schema`,
  });
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

const known = new WeakMap<OpenAPIV3_1.Document, Ajv2020>();

function begin(document: OpenAPIV3_1.Document): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, 'api');
  known.set(document, ajv);
  return ajv;
}
