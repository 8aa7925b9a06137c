/** The shipped dashboard by Grafana's own types, and by what these do not say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly { readonly refId: string }[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(__dirname, path), 'utf8'));
const text = readFileSync(join(__dirname, '../../docs/grafana/crankback.json'), 'utf8');
const dashboard = JSON.parse(text) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
};
const validate = new Ajv({ allErrors: true, strict: false }).compile(
  read('grafana/dashboard.schema.json') as object,
);

it('has what a dashboard of Grafana may have, and nothing else', () => {
  validate(dashboard);
  expect(validate.errors ?? []).toEqual([]);
});

it.each([
  ['panels', 1, 'fieldConfig', 'defaults', 'units'],
  ['panels', 1, 'options', 'colourMode'],
  ['panels', 1, 'targets', 0, 'query'],
  ['panels', 6, 'fieldConfig', 'defaults', 'custom', 'lineWith'],
  ['templating', 'list', 1, 'multiple'],
  ['annotations', 'list', 0, 'query'],
])('an unknown field is found: %s %s %s %s %s', (...path) => {
  const broken = JSON.parse(text) as Record<string, unknown>;
  let place = broken;
  for (const name of path.slice(0, -1)) place = (place[name] ??= {}) as Record<string, unknown>;
  place[String(path.at(-1))] = 'x';
  expect(validate(broken)).toBe(false);
});

it('has panels that do not lie on each other, each with an id and queries of its own', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Map<string, string>();
  for (const {
    title,
    gridPos: { x, y, w, h },
    targets = [],
  } of panels) {
    expect([title, x >= 0 && x + w <= 24]).toEqual([title, true]);
    for (let column = x; column < x + w; column += 1)
      for (let row = y; row < y + h; row += 1) {
        expect([title, taken.get(`${column} ${row}`)]).toEqual([title, undefined]);
        taken.set(`${column} ${row}`, title);
      }
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  }
});

it('asks by variables that it has, and by no data source of somebody else', () => {
  const known = new Set(dashboard.templating.list.map(({ name }) => name));
  const asked = [...text.matchAll(/\$\{?(\w+)\}?/g)].map(([, name = '']) => name);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((name) => !known.has(name) && !name.startsWith('__'))).toEqual([]);
  for (const [, uid] of text.matchAll(/"uid": "([^"]*)"/g))
    expect(['${datasource}', 'crankback']).toContain(uid);
});
