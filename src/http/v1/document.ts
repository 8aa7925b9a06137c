import type { OpenAPIV3_1 } from 'openapi-types';
import { TAGS } from './resource';

/** The OpenAPI document without its operations, which come from the routes themselves. */
export const DOCUMENT: Omit<OpenAPIV3_1.Document, 'paths'> = {
  openapi: '3.1.0',
  info: {
    title: 'crankback',
    version: '1.0.0',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    description: `The API for operators, version 1. Fields may be added within a version; clients leave alone what they do not know.

- Times are RFC 3339 in UTC. Durations are seconds, and their names end with \`Seconds\` (or are \`seconds\`).
- What is absent is not known, or does not apply.
- Texts of callers and carriers are escaped; numbers are masked where \`CRANKBACK_MASK_NUMBERS\` is set.
- Lists that may be long come in pages: send \`next\` of an answer as \`cursor\`.
- Answers to GET have an \`ETag\`; with \`If-None-Match\` the answer is 304 while nothing has changed. Live figures are part of what they show: the trunks' tag changes with each attempt, and is of use while there are none. What is posted has no tag to match: with \`If-Match\` it is refused, and changes nothing.
- Problems are \`application/problem+json\` (RFC 9457): of a wrong request each field, with what would be right. Parameters that are not known are wrong. Another method than those of a path is 405, with \`Allow\`.
- A token is sent as \`Authorization: Bearer\`. Its scope is \`read\` (\`CRANKBACK_HTTP_READ_TOKEN_FILE\`) or \`read\` and \`operate\` (\`CRANKBACK_HTTP_TOKEN_FILE\`). Without a read token everybody on this machine may read.
- \`RateLimit-*\` headers say how many requests are left in the present minute.`,
  },
  servers: [{ url: '/' }],
  tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  components: {
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description: 'Roles: `read`, `operate` (which reads as well).',
      },
    },
  },
};

/** Operations whose body may be left out; the generator takes every body for needed. */
const WITHOUT_BODY: ReadonlySet<string | undefined> = new Set(['simulateCall', 'replayCalls']);

/** Told to clients though no operation answers with it: the data of events. */
const BESIDE = ['Event', 'Gap'];
const PREFIX = '#/components/schemas/';

/**
 * The schemas that are used, each once: the generator has every one for answers and, as `…Input`, for requests.
 * @param document with all of them
 */
export function tidied<Document extends Partial<OpenAPIV3_1.Document>>(
  document: Document,
): Document {
  const { schemas = {} } = document.components ?? {};
  const used = new Set(BESIDE);
  const look = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value ?? null).matchAll(
      /"#\/components\/schemas\/([^"]+)"/g,
    )) {
      if (used.has(name)) continue;
      used.add(name);
      look(schemas[name]);
    }
  };
  for (const name of BESIDE) look(schemas[name]);
  look(document.paths);
  const names = new Map(
    [...used].map((name) => [name, used.has(plain(name)) ? name : plain(name)] as const),
  );
  const kept = Object.fromEntries([...names].sort().map(([name, as]) => [as, schemas[name]]));
  const renamed = { ...document, components: { ...document.components, schemas: kept } };
  const tidy = JSON.parse(JSON.stringify(renamed), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    const name = value.slice(PREFIX.length);
    return `${PREFIX}${names.get(name) ?? name}`;
  }) as Document;
  for (const { post } of Object.values(tidy.paths ?? {}) as OpenAPIV3_1.PathItemObject[])
    if (post?.requestBody && 'content' in post.requestBody)
      post.requestBody.required = !WITHOUT_BODY.has(post.operationId);
  return tidy;
}

function plain(name: string): string {
  return name.replace(/Input$/, '');
}
