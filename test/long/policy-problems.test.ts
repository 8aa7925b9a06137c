import { policyFromText } from '../../src/policy-file/policy-file';

const MANY = 20_000;
/** A search through all keys, trunks or shares for each of them took ten times as long. Seconds of CPU. */
const LONGEST_S = 60;

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');
const trunk = '{ dial: { asterisk: "PJSIP/{number}@a" } }';
const head = 'version: 1\nemergency: []\ntrunks:\n';
const trunks = `${head}${lines(MANY, (index) => `  carrier-${index}: ${trunk}\n`)}`;
const route = (trunk: string) => `{ digits: "1*", trunks: [${trunk}] }`;

/** Texts, a problem that each has, and how many it has. */
const CASES: readonly (readonly [string, string, string, number])[] = [
  [
    'unknown keys',
    `${lines(100_000, (index) => `key${index}: 1\n`)}${head}  a: ${trunk}\nroutes: [${route('a')}]\n`,
    'unknown key "key0"',
    100_000,
  ],
  [
    'unknown trunks beside many known ones',
    `${trunks}routes:\n${lines(MANY, (index) => `  - ${route(`carier-${index}`)}\n`)}`,
    'unknown trunk "carier-0"',
    MANY,
  ],
  [
    'names of trunks',
    `${head}${lines(MANY, (index) => `  CARRIER-${index}: ${trunk}\n`)}routes: [${route('CARRIER-0')}]\n`,
    'not a trunk name: "CARRIER-0"',
    MANY,
  ],
  [
    'shares for trunks that are not in the route',
    `${trunks}routes: [{ digits: "1*", strategy: weighted, trunks: [${lines(MANY, (index) => `carrier-${index}, `)}], weights: { ${lines(MANY, (index) => `b${index}: 1, `)} } }]\n`,
    'a share for "b0", which is not in this route',
    MANY + 1,
  ],
  [
    'trunks that are twice in a route',
    `${trunks}routes: [{ digits: "1*", trunks: [${lines(2 * MANY, (index) => `carrier-${index % MANY}, `)}] }]\n`,
    'trunk "carrier-0" twice in one route',
    MANY,
  ],
];

it.each(CASES)(
  'as many problems as a file can have are found in linear time: %s',
  (_, text, message, count) => {
    const before = process.cpuUsage();
    const loaded = policyFromText(text);
    const { user, system } = process.cpuUsage(before);
    if (loaded.ok) throw new Error('no problem');
    expect(loaded.problems.map((problem) => problem.message)).toContain(message);
    expect([loaded.problems.length, loaded.count]).toEqual([100, count]);
    expect((user + system) / 1e6).toBeLessThan(LONGEST_S);
  },
  600_000,
);
