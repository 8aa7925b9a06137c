import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { Shown } from '../../records/shown';
import type { ReadingDesk } from '../desk/desk';
import type { LiveEvents } from '../live/live-events';
import type { Tokens } from '../token';
import { DOCUMENT, tidied } from './document';
import { tellErrors } from './errors';
import { tagAnswers } from './etag';
import { KnownMethods } from './methods';
import { readInOurWords } from './read';
import { RATES } from './resource';
import type { Alerts } from '../../notify/alerts';
import { alerts } from './routes/alerts';
import { calls } from './routes/calls';
import { changes } from './routes/changes';
import { drafts } from './routes/drafts';
import { events } from './routes/events';
import { figures } from './routes/figures';
import { observed } from './routes/observed';
import { policies, type PolicyAtHand } from './routes/policies';
import { series } from './routes/series';
import { trunks, type TrunksParts } from './routes/trunks';

export interface V1Parts {
  readonly desk: ReadingDesk;
  readonly live: LiveEvents;
  readonly policy: PolicyAtHand;
  readonly limits: () => Readonly<Record<string, number>>;
  readonly alerts: Pick<Alerts, 'list' | 'test'>;
  readonly trunks: Omit<TrunksParts, 'tokens' | 'shown'>;
  readonly tokens: Tokens;
  readonly shown: Shown;
  /** Pattern of links to Homer; absent: none are made. */
  readonly homerUrl?: string | undefined;
  /** Calls are traced. */
  readonly traced?: boolean | undefined;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** Version 1 of the API for operators, with its OpenAPI document at `/v1/openapi.json`. */
export async function v1(server: FastifyInstance, parts: V1Parts): Promise<void> {
  const { desk, live, policy, limits, tokens, shown, now } = parts;
  readInOurWords(server);
  const methods = new KnownMethods(server);
  // What is posted is JSON or YAML.
  server.removeContentTypeParser('text/plain');
  // What is sent is made fit for it by hand: to check it again would take time of the thread that decides.
  server.setSerializerCompiler(() => (value) => JSON.stringify(value));
  tellErrors(server, shown);
  tagAnswers(server);
  await server.register(swagger, {
    openapi: DOCUMENT,
    transform: jsonSchemaTransform,
    transformObject: (document) =>
      tidied(jsonSchemaTransformObject(document) as OpenAPIV3_1.Document),
  });
  await server.register(rateLimit, {
    ...{ global: true, max: RATES.read.max, timeWindow: 60_000, cache: 1_000 },
    enableDraftSpec: true,
  });
  calls(server, { desk, tokens, shown, homerUrl: parts.homerUrl, traced: parts.traced });
  figures(server, { desk, tokens, limits, now });
  series(server, { desk, tokens, now });
  trunks(server, { ...parts.trunks, tokens, shown });
  alerts(server, { alerts: parts.alerts, tokens });
  policies(server, { desk, policy, tokens, shown });
  drafts(server, { desk, policy, tokens, now });
  observed(server, { desk, tokens, shown, traced: parts.traced, now });
  changes(server, { desk, tokens, now });
  events(server, { live, tokens });
  let document: string | undefined;
  server.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(server.swagger());
    return reply.type('application/json; charset=utf-8').send(document);
  });
  methods.refuseOthers();
}
