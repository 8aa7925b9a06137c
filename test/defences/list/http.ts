import { defence, type Defence } from '../defence';

const SERVER = 'src/http/server.ts';
const TOKEN = 'src/http/token.ts';
const SCOPES = 'src/http/v1/scopes.ts';
const RESOURCE = 'src/http/v1/resource.ts';
const TRUNKS = 'src/http/v1/schemas/trunks.ts';
const LANE = 'src/http/desk/lane.ts';
const LIVE = 'src/http/live/live-events.ts';
const KEPT = 'src/http/live/kept.ts';

export const HTTP: readonly Defence[] = [
  defence('http-host', SERVER, "  server.addHook('onRequest', requireOwnHost(own));\n", ''),
  defence(
    'http-origin',
    'src/http/own-host.ts',
    'if (origin !== undefined && !isSameOrigin(origin, host)) {',
    'if (false) {',
  ),
  defence(
    'http-token',
    TOKEN,
    'else if (sends(request, operate)) done();',
    'else if (true) done();',
  ),
  defence(
    'http-no-token',
    TOKEN,
    'if (operate === undefined) {',
    'if (operate === undefined) done();\n    else if (operate === "") {',
  ),
  defence('http-read-token', TOKEN, 'if (mayRead(request, tokens)) done();', 'if (true) done();'),
  defence(
    'http-read-token-required',
    'src/settings/http-settings.ts',
    'isLoopback(host) || token !== undefined) return [];',
    'true) return [];',
  ),
  defence(
    'http-ready-silent',
    'src/http/readiness.ts',
    '...(mayRead(request) && {',
    '...(true && {',
  ),
  defence(
    'http-token-format',
    'src/settings/settings-schema.ts',
    'return z.string().regex(/^[!-~]{16,256}$/, { error: TOKEN_EXPECTED });',
    'return z.string();',
  ),
  defence('http-body-limit', SERVER, '    bodyLimit: LONGEST_BODY,\n', ''),
  defence(
    'http-body-keys',
    'src/http/trunk-hold.ts',
    'const Body = z.strictObject({',
    'const Body = z.object({',
  ),
  defence('http-request-time', SERVER, '    requestTimeout: requestMs,\n', ''),
  defence('http-header-time', SERVER, 'headersTimeout: requestMs, ', ''),
  defence('http-idle-time', SERVER, '    keepAliveTimeout: idleMs,\n', ''),
  defence('http-stall-time', SERVER, '    connectionTimeout: stallMs,\n', ''),
  defence('http-connections', SERVER, '  server.server.maxConnections = connections;\n', ''),
  defence('http-end', SERVER, '    forceCloseConnections: true,\n', ''),
  defence('http-browser', SERVER, 'secure(request.raw, reply.raw, () => done());', 'done();'),
  defence(
    'http-pages-policy',
    'src/http/pages.ts',
    'scriptSrc: SELF,',
    'scriptSrc: [...SELF, "\'unsafe-inline\'"],',
  ),
  defence(
    'http-dashboard-policy',
    'src/http/pages.ts',
    '    requireTrustedTypesFor: ["\'script\'"],\n',
    '',
  ),
  defence(
    'http-pages-listed',
    'src/http/pages.ts',
    "      allowedPath: (path) => files.has(path.endsWith('/') ? `${path}index.html` : path),\n",
    '',
  ),
  defence(
    'http-query',
    'src/http/hunts.ts',
    "    .regex(/^[0-9A-D*#+]{0,32}$/, 'must be a number as dialled: 0-9 A-D * # +')\n",
    '',
  ),
  defence('http-slices', 'src/http/json-list.ts', '    await nextTurn();\n', ''),
  defence(
    'http-decisions-page',
    'src/journal/read/decisions.ts',
    '    if (characters >= PAGE_CHARACTERS) break;\n',
    '',
  ),
  defence(
    'http-errors',
    'src/http/answers.ts',
    '.send({ errors: [why] })',
    '.send({ errors: [String(error)] })',
  ),
  defence(
    'http-reason',
    'src/http/trunk-hold.ts',
    "    .refine(isPrintable, 'must be 1 to 200 printable characters')\n",
    '',
  ),
  defence(
    'v1-read',
    SCOPES,
    "if (scope === 'read' && mayRead(request, tokens)) return done();",
    "if (scope === 'read') return done();",
  ),
  defence(
    'v1-operate',
    SCOPES,
    'if (operate !== undefined && sends(request, operate)) return done();',
    'return done();',
  ),
  defence(
    'v1-rate',
    RESOURCE,
    '    config: { rateLimit: { max: rate.max, timeWindow: 60_000, groupId: rate.group } },\n',
    '',
  ),
  defence(
    'v1-body-keys',
    TRUNKS,
    'export const HoldBody = z\n  .strictObject({',
    'export const HoldBody = z\n  .object({',
  ),
  defence(
    'v1-reason',
    TRUNKS,
    "  .refine(isPrintable, 'must be 1 to 200 printable characters')\n",
    '',
  ),
  defence(
    'v1-policy-size',
    'src/http/v1/schemas/drafts.ts',
    'export const LARGEST_POLICY = 2 * 1024 * 1024;',
    'export const LARGEST_POLICY = 2 ** 30;',
  ),
  defence(
    'v1-policy-type',
    RESOURCE,
    '...(consumes === undefined ? [] : [requireType(consumes)]),',
    '',
  ),
  defence(
    'v1-job-time',
    LANE,
    'setTimeout(() => this.overdue(one), this.limits.jobMs)',
    'setTimeout(() => undefined, this.limits.jobMs)',
  ),
  defence(
    'v1-job-memory',
    'src/threads/begin-thread.ts',
    '    resourceLimits: { maxOldGenerationSizeMb: heapMb },\n',
    '',
  ),
  defence('v1-job-queue', LANE, 'if (this.waiting.length >= this.parts.most)', 'if (false)'),
  defence(
    'v1-job-secrets',
    'src/threads/begin-thread.ts',
    'heapMb, env = {} } = program',
    'heapMb, env = process.env } = program',
  ),
  defence(
    'v1-masked',
    'src/http/desk/do-job.ts',
    'JSON.stringify(shownDeep(await told(job, desk), shown))',
    'JSON.stringify(await told(job, desk))',
  ),
  defence(
    'v1-files',
    'src/http/desk/known-lines.ts',
    "files.has(at.file) ? lineAt(at, policyHash) : ''",
    'lineAt(at, policyHash)',
  ),
  defence(
    'v1-events-clients',
    LIVE,
    '    if (this.followers.size >= this.limits.clients) return undefined;\n',
    '',
  ),
  defence(
    'v1-events-behind',
    LIVE,
    'if (stream.readableLength + bytes.length > this.limits.behind) stream.destroy();',
    'if (false) stream.destroy();',
  ),
  defence('v1-events-kept', KEPT, 'this.events.length > this.most.events || ', ''),
  defence('v1-events-bytes', KEPT, ' || this.characters > this.most.characters', ''),
  defence('v1-events-masked', LIVE, 'JSON.stringify(this.shown(told))', 'JSON.stringify(told)'),
];
