import fastify, { type FastifyInstance } from 'fastify';
import helmet from 'helmet';
import type { Registry } from 'prom-client';
import type { LastingJournal } from '../journal/thread/lasting-journal';
import type { PolicyMode } from '../policy/policy-data';
import type { Journal } from '../records/journal';
import type { HealthStore } from '../trunks/health/health-store';
import { showing } from '../records/shown';
import { answerOnly, refuseUnrouted } from './answers';
import { health } from './health';
import { calls } from './calls';
import { decisions } from './decisions';
import { figures } from './figures';
import { hunts } from './hunts';
import { checkEvery, HTTP_LIMITS, type HttpLimits } from './limits';
import { metrics } from './metrics';
import { requireOwnHost, type OwnNames } from './own-host';
import { habits } from './habits';
import { observed } from './observed';
import { dashboard, pages } from './pages';
import { reports } from './reports';
import { readiness, type ReadinessParts } from './readiness';
import { mayRead, requireOperator, requireReader, type Tokens } from './token';
import { trunkClear } from './trunk-clear';
import { trunkHold } from './trunk-hold';
import { trunks, type TrunkOffers, type TrunkTold } from './trunks';
import type { LimitSeen } from '../trunks/limits/trunk-limits';
import type { ReadingDesk } from './desk/desk';
import type { Alerts } from '../notify/alerts';
import type { LiveEvents } from './live/live-events';
import type { PolicyAtHand } from './v1/routes/policies';
import type { Operated } from './v1/routes/trunks';
import { known } from './v1/told/units';
import { V1 } from './v1/problems';
import { v1 } from './v1/v1';

export interface HttpParts extends ReadinessParts {
  readonly registry: Registry;
  readonly journal: Journal;
  /** What lasts of calls; absent: no routes for it. */
  readonly lasting?: Pick<LastingJournal, 'ask'>;
  /** The mode of calls that begin with a trunk; absent: it is not shown. */
  readonly modeOf?: (trunk: string) => PolicyMode;
  /** What a trunk may carry, and how much of it is in use; absent: it is not shown. */
  readonly limitsOf?: (trunk: string) => readonly LimitSeen[];
  /** Most calls at once that the policy in force allows on a trunk; absent: no limits are shown. */
  readonly limitOf?: (trunk: string) => number | undefined;
  /** Unix time in milliseconds; default: this machine's clock. */
  readonly now?: () => number;
  /** Health of the trunks; absent: no routes for trunks. */
  readonly trunks?: HealthStore;
  /** Learned offers of the trunks; absent: none are shown. */
  readonly offers?: TrunkOffers;
  /** What trunks say that nothing classifies; absent: none is shown. */
  readonly unclassified?: TrunkTold;
  /** What version 1 of the API needs beside these; absent: there is none. */
  readonly v1?: V1Beside;
  /** Pattern of links to Homer; absent: none are made. */
  readonly homerUrl?: string;
  /** Calls are traced: each is shown with its trace. */
  readonly traced?: boolean;
  readonly tokens?: Tokens;
  /** Default: loopback. */
  readonly own?: OwnNames;
  readonly limits?: HttpLimits;
  /** Numbers are shown masked. */
  readonly maskNumbers?: boolean;
  /** Folder of the documentation as a site; default: where the build puts it. */
  readonly site?: string;
  /** Folder of the dashboard; default: where the build puts it. */
  readonly dashboard?: string;
}

export interface V1Beside {
  readonly desk: ReadingDesk;
  readonly live: LiveEvents;
  readonly policy: PolicyAtHand;
  /** Most calls at once that the policy in force allows, by trunk. */
  readonly limits: () => Readonly<Record<string, number>>;
  readonly alerts: Pick<Alerts, 'list' | 'test'>;
  /** An operator has changed something. */
  readonly operated: (what: Operated) => void;
}

/** Bytes; the longest body is that of a hold. */
const LONGEST_BODY = 1024;

/**
 * The operator's HTTP server. Changing anything needs a token, and reading as well where one is set for it; only
 * `/health`, the status of `/ready` and the documentation need none. Not listening yet.
 */
export function createHttpServer(parts: HttpParts): FastifyInstance {
  const { tokens = {}, own = { host: '127.0.0.1' } } = parts;
  const server = bareServer(parts.limits ?? HTTP_LIMITS);
  server.addHook('onRequest', requireOwnHost(own));
  const reader = requireReader(tokens);
  const operator = requireOperator(tokens);
  const shown = showing({ maskNumbers: parts.maskNumbers ?? false });
  answerOnly(server, shown);
  health(server);
  pages(server, parts.site);
  dashboard(server, parts.dashboard);
  readiness(server, parts, (request) => mayRead(request, tokens));
  metrics(server, parts.registry, reader);
  hunts(server, parts.journal, reader, shown);
  if (parts.lasting) {
    calls(server, parts.lasting, reader, shown, parts);
    decisions(server, parts.lasting, reader, shown);
    reports(server, parts.lasting, reader, shown);
    habits(server, parts.lasting, reader, shown);
    observed(server, parts.lasting, reader, shown, parts);
    const { lasting: journal, limitOf = () => undefined, now = Date.now } = parts;
    figures(server, { journal, limitOf, now }, reader);
  }
  if (parts.trunks) {
    trunks(server, parts.trunks, reader, shown, parts);
    trunkHold(server, parts.trunks, operator, shown);
    trunkClear(server, parts.trunks, operator, parts.offers);
  }
  if (parts.v1 && parts.trunks) {
    const { operated, ...beside } = parts.v1;
    const { offers, unclassified, modeOf, limitsOf, homerUrl, traced, now = Date.now } = parts;
    const besideHealth = known({ offers, unclassified, modeOf, limitsOf });
    const ofTrunks = { store: parts.trunks, operated, ...besideHealth };
    const more = { trunks: ofTrunks, tokens, shown, now, homerUrl, traced };
    void server.register(v1, { prefix: V1, ...beside, ...more });
  }
  return server;
}

/** What no client gets around: limits, and what browsers are told. */
function bareServer(limits: HttpLimits): FastifyInstance {
  const { requestMs, idleMs, stallMs, connections } = limits;
  const server = fastify({
    logger: false,
    frameworkErrors: refuseUnrouted,
    bodyLimit: LONGEST_BODY,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionTimeout: stallMs,
    // What a client does must not delay the end of the service.
    forceCloseConnections: true,
    http: { headersTimeout: requestMs, connectionsCheckingInterval: checkEvery(limits) },
  });
  server.server.maxConnections = connections;
  const secure = helmet({
    // Nothing here is a page, but for those of pages.ts.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: false,
  });
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('cache-control', 'no-store');
    secure(request.raw, reply.raw, () => done());
  });
  return server;
}
