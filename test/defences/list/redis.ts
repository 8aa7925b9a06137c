import { defence, type Defence } from '../defence';

const CODEC = 'adapters/redis/codec.ts';
const STATES = 'adapters/redis/shared-states.ts';
const SHARE = 'adapters/redis/lua/ask-share-4.lua';
const PULSE = 'adapters/redis/lua/fleet-pulse-3.lua';
const ITEM = 'src/journal/fleet/item.ts';
const ENTRY = 'src/journal/fleet/fleet-entry.ts';
const INBOX = 'src/journal/fleet/inbox.ts';
const BAD = 'adapters/redis/bad-values.ts';

/** What others write into Redis. */
export const REDIS: readonly Defence[] = [
  defence(
    'redis-state-checked',
    CODEC,
    '  generation: z.int().min(0).max(LAST_GENERATION),',
    '  generation: z.number(),',
  ),
  defence(
    'redis-times-checked',
    CODEC,
    "  .refine((ms) => Math.abs(ms) <= LONGEST_MS, 'out of range')",
    '  ',
  ),
  defence(
    'redis-reason-checked',
    CODEC,
    'why: z.string().regex(/^\\P{C}{0,300}$/u),',
    'why: z.string(),',
  ),
  defence(
    'redis-writes',
    STATES,
    'while (this.unpublished.has(trunk) && this.writes.take(trunk))',
    'while (this.unpublished.has(trunk))',
  ),
  defence(
    'redis-share-checked',
    SHARE,
    'if share and its and theirs and need and request and request <= 9e13 then',
    'if true then',
  ),
  defence(
    'redis-sum-verified',
    SHARE,
    'local isRecent = at and at <= now and now - at < EACH_MS * size',
    'local isRecent = at',
  ),
  defence('redis-members-lost', PULSE, '  lost = #found == 0\n', ''),
  defence(
    'redis-member-checked',
    PULSE,
    "wrong, lost = 'not an instance', true",
    "wrong = 'not an instance'",
  ),
  defence('redis-member-ends', PULSE, 'if one.ends > now + ARGV[2] then', 'if false then'),
  defence(
    'redis-share-order',
    SHARE,
    'if mine and mine.request >= tonumber(ARGV[2]) then',
    'if false then',
  ),
  defence('redis-messages', STATES, 'if (!this.messages.take(trunk)) {', 'if (trunk === "") {'),
  defence(
    'redis-said-once',
    BAD,
    'if (now() - (this.saidAt.get(what) ?? -Infinity) < SAID_AGAIN_MS) {',
    'if (now() < 0) {',
  ),
  defence('redis-why-length', BAD, 'why.slice(0, LONGEST_WHY)', 'why'),
  defence(
    'redis-flapping',
    'adapters/redis/standing.ts',
    '    if (this.falls <= FREE_FALLS) return 0;\n',
    '    if (this.falls >= 0) return 0;\n',
  ),
  defence(
    'redis-no-numbers',
    'src/trunks/health/number-mark.ts',
    'return ((hash >>> 16) ^ hash) & (MARKS - 1);',
    'return Number(number) || ((hash >>> 16) ^ hash) & (MARKS - 1);',
  ),
  defence('fleet-unpacked', ITEM, ', { maxOutputLength: LONGEST_UNPACKED }', ''),
  defence('fleet-detail-checked', ENTRY, 'if (shape.safeParse(value).success)', 'if (value)'),
  defence('fleet-printable', ENTRY, '    .transform((value) => shown(value));', '    ;'),
  defence('fleet-future', INBOX, 'at > now + EARLY_MS', 'at < 0'),
  defence('fleet-instances', INBOX, 'if (count > MOST_INSTANCES) return undefined;', ''),
  defence(
    'fleet-once',
    INBOX,
    'item.entries.slice(Math.max(0, next - item.first))',
    'item.entries',
  ),
  defence(
    'fleet-own-calls',
    'src/journal/writer.ts',
    'this.here = `instance = ${origin}`;',
    "this.here = '1';",
  ),
  defence(
    'fleet-queue',
    'adapters/redis/fleet-stream.ts',
    'if (this.bytes + item.text.length > MOST_WAITING)',
    'if (this.bytes < 0)',
  ),
  defence(
    'fleet-read-rate',
    'adapters/redis/fleet-stream.ts',
    'const READS_PER_PULSE = 2;',
    'const READS_PER_PULSE = 2_000;',
  ),
  defence('fleet-policy-text', INBOX, "typeof text === 'string' && this.parts.isText(", 'Boolean('),
];
