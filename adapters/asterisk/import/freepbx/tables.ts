import {
  NotImportable,
  type Draft,
  type DraftAttempt,
  type DraftRoute,
  type DraftTrunk,
  type ImportFile,
  type LeftOut,
} from '../../../../src/import/draft';
import { firstLeft } from '../../../../src/import/left-out';
import { rowsOf, type Row } from '../../../../src/import/rows';
import { KNOWN_EMERGENCY } from '../../../../src/init/proposal/policy-text';
import { orderOf } from '../pattern-order';
import { timeOf } from '../times';

const TABLES =
  /^(?:outbound_routes|outbound_route_(?:patterns|trunks|sequence)|trunks|trunk_dialpatterns|timegroups_details)$/;
const DIGITS = /^[0-9*#+]*$/;

/**
 * A draft of FreePBX's own tables, as a dump or as one CSV file each; and of the dial patterns that its page of a route
 * exports, whose trunks are not in the file.
 * @throws NotImportable where there is no route, or a file is broken
 */
export function draftOfTables(files: readonly ImportFile[]): Draft {
  const rows = files.flatMap((file) => rowsOf(file, (table) => TABLES.test(table)));
  const tables = new Map<string, Row[]>();
  for (const row of rows) {
    const known = tables.get(row.table);
    if (known) known.push(row);
    else tables.set(row.table, [row]);
  }
  const reading = new Reading(tables);
  const exported = [...tables].filter(([name, [first]]) => !TABLES.test(name) && isExport(first));
  const routes = [
    ...reading.routes(),
    ...exported.flatMap(([name, patterns]) => reading.exported(name, patterns)),
  ];
  const { left } = reading;
  if (!routes.some(({ attempts }) => attempts.length > 0)) {
    const names = files.map(({ name }) => name).join(', ');
    const what = `${names}: no outbound route with a trunk`;
    throw new NotImportable([what, ...firstLeft(left)].join('\n'));
  }
  const { timeZone } = reading;
  return {
    pbx: 'asterisk',
    trunks: reading.trunks(routes),
    routes,
    emergency: [...reading.emergency],
    ...(routes.some(({ time }) => time) && { timeZone }),
    left,
  };
}

/** Columns of a route's page, Export Dialplans as CSV. */
function isExport(row: Row | undefined): boolean {
  return row !== undefined && row.values.has('prepend') && row.values.has('match pattern');
}

class Reading {
  readonly left: LeftOut[] = [];
  readonly emergency = new Set<string>();
  timeZone = 'UTC';
  private readonly known = new Map<string, DraftTrunk>();
  private readonly prefixes = new Map<string, string>();
  /** By table, which is asked for by one column. */
  private readonly indexes = new Map<string, ReadonlyMap<string, readonly Row[]>>();

  constructor(private readonly tables: ReadonlyMap<string, readonly Row[]>) {
    for (const row of this.rows('trunks')) this.trunk(row);
    for (const row of this.rows('trunk_dialpatterns'))
      this.leave(row, patternText(row), "a rule for the trunk's dialled numbers");
  }

  /** In their sequence. */
  routes(): readonly DraftRoute[] {
    const order = new Map(
      this.rows('outbound_route_sequence').map((row) => [
        valueIn(row, 'route_id'),
        Number(valueIn(row, 'seq')),
      ]),
    );
    const place = (row: Row) => order.get(valueIn(row, 'route_id')) ?? Infinity;
    return [...this.rows('outbound_routes')]
      .sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
      .flatMap((row) => this.route(row));
  }

  /** Of patterns alone: the name of the file is that of the route. */
  exported(name: string, patterns: readonly Row[]): readonly DraftRoute[] {
    const key = `trunk of ${name}`;
    const where = patterns[0]?.where ?? '';
    this.known.set(key, { key, name: key, where, facts: ['a route without its trunks'] });
    const rows = patterns.map((row) => ({
      row,
      prefix: valueIn(row, 'prefix'),
      pass: valueIn(row, 'match pattern'),
      caller: valueIn(row, 'callerid'),
      prepend: valueIn(row, 'prepend'),
    }));
    return this.withEmergency(this.patterns(rows, [key], { where, name, notes: [] }), false);
  }

  trunks(routes: readonly DraftRoute[]): readonly DraftTrunk[] {
    const used = new Set(routes.flatMap(({ attempts }) => attempts.map(({ trunk }) => trunk)));
    return [...this.known.values()].filter(({ key }) => used.has(key));
  }

  private rows(table: string): readonly Row[] {
    return this.tables.get(table) ?? [];
  }

  private of(table: string, column: string, id: string): readonly Row[] {
    const index = this.indexes.get(table) ?? indexOf(this.rows(table), column);
    this.indexes.set(table, index);
    return index.get(id) ?? [];
  }

  private leave({ where }: Row, text: string, why: string): void {
    this.left.push({ where, text, why });
  }

  private trunk(row: Row): void {
    const [id, name, channel] = [
      valueIn(row, 'trunkid'),
      valueIn(row, 'name'),
      valueIn(row, 'channelid'),
    ];
    const shown = name === '' ? channel : name;
    const dial = dialOf(valueIn(row, 'tech'), channel);
    if (/^on$/i.test(valueIn(row, 'disabled')))
      return this.leave(row, shown, 'the trunk is disabled');
    if (dial === undefined)
      return this.leave(
        row,
        `${shown}: ${valueIn(row, 'tech')}/${channel}`,
        'a trunk that the policy cannot dial',
      );
    for (const column of ['outcid', 'failscript'])
      if (valueIn(row, column) !== '')
        this.leave(row, `${shown}: ${column} ${valueIn(row, column)}`, WHY[column] ?? '');
    const most = Number(valueIn(row, 'maxchans'));
    this.prefixes.set(id, valueIn(row, 'dialoutprefix'));
    this.known.set(id, {
      key: id,
      name: shown,
      dial,
      where: row.where,
      facts: [],
      ...(Number.isInteger(most) && most > 0 && { concurrentCalls: most }),
    });
  }

  private route(row: Row): readonly DraftRoute[] {
    const [id, name] = [valueIn(row, 'route_id'), valueIn(row, 'name')];
    const time = this.time(row);
    if (time === 'unknown') return [];
    for (const column of ['outcid', 'password', 'dest'])
      if (valueIn(row, column) !== '')
        this.leave(
          row,
          `${name}: ${column} ${column === 'password' ? '***' : valueIn(row, column)}`,
          WHY[column] ?? '',
        );
    if (/^YES$/i.test(valueIn(row, 'intracompany_route')))
      this.leave(row, `${name}: intra-company`, "keep the caller's own ID in your dialplan");
    const trunks = [...this.of('outbound_route_trunks', 'route_id', id)]
      .sort((a, b) => Number(valueIn(a, 'seq')) - Number(valueIn(b, 'seq')))
      .map((one) => valueIn(one, 'trunk_id'));
    const patterns = this.of('outbound_route_patterns', 'route_id', id).map((one) => ({
      row: one,
      prefix: valueIn(one, 'match_pattern_prefix'),
      pass: valueIn(one, 'match_pattern_pass'),
      caller: valueIn(one, 'match_cid'),
      prepend: valueIn(one, 'prepend_digits'),
    }));
    // Without the table of trunks there are their numbers alone.
    if (this.rows('trunks').length === 0) for (const trunk of trunks) this.unknown(trunk, row);
    const usable = trunks.filter((trunk) => this.known.has(trunk));
    if (usable.length === 0 || patterns.length === 0) {
      const why = usable.length === 0 ? 'no trunk of the route is known' : 'no dial patterns';
      this.leave(row, name, why);
      return [];
    }
    const shared = {
      where: row.where,
      ...(name !== '' && { name }),
      ...(time && { time }),
      notes: [],
    };
    const routes = this.patterns(patterns, usable, shared);
    return this.withEmergency(routes, /^YES$/i.test(valueIn(row, 'emergency_route')));
  }

  private unknown(trunk: string, { where }: Row): void {
    const name = `trunk ${trunk}`;
    this.known.set(trunk, {
      key: trunk,
      name,
      where,
      facts: ['the table of trunks is in no file'],
    });
  }

  /** @param isMarked whether FreePBX has them as emergency numbers */
  private withEmergency(routes: readonly DraftRoute[], isMarked: boolean): readonly DraftRoute[] {
    for (const { digits, attempts, from, time } of routes)
      for (const number of digits) {
        const isOne = KNOWN_EMERGENCY.includes(number) || (isMarked && /^[0-9]+$/.test(number));
        const isPlain = attempts.every((one) => one.number.strip + one.number.prepend === '');
        if (isOne && isPlain && !from && !time) this.emergency.add(number);
      }
    return routes;
  }

  /** In the order in which Asterisk tries them. */
  private patterns(
    patterns: readonly Pattern[],
    trunks: readonly string[],
    shared: Omit<DraftRoute, 'digits' | 'attempts'>,
  ): readonly DraftRoute[] {
    const routes: DraftRoute[] = [];
    const sorted = patterns
      .map((pattern) => ({ pattern, extension: extensionOf(pattern.prefix + pattern.pass) }))
      .sort((a, b) => orderOf(withCaller(a), withCaller(b)));
    for (const { pattern, extension } of sorted) {
      const { row, prefix, prepend, caller } = pattern;
      if (!DIGITS.test(prefix) || !DIGITS.test(prepend)) {
        this.leave(row, patternText(row), 'digits that are cut off or put before cannot be told');
        continue;
      }
      const attempts = trunks.map((trunk): DraftAttempt => {
        const before = this.prefixes.get(trunk) ?? '';
        return { trunk, number: { strip: prefix, prepend: before + prepend } };
      });
      const from = caller === '' ? {} : { from: [extensionOf(caller)] };
      const last = routes.at(-1);
      const route: DraftRoute = {
        ...shared,
        ...from,
        where: row.where,
        digits: [extension],
        attempts,
      };
      if (last && isAlike(last, route))
        routes[routes.length - 1] = { ...last, digits: [...last.digits, extension] };
      else routes.push(route);
    }
    return routes;
  }

  private time(row: Row): readonly string[] | 'unknown' | undefined {
    const group = valueIn(row, 'time_group_id');
    const name = valueIn(row, 'name');
    if (valueIn(row, 'calendar_id') !== '' || valueIn(row, 'calendar_group_id') !== '') {
      this.leave(row, name, 'by a calendar');
      return 'unknown';
    }
    if (/^0?$/.test(group)) return undefined;
    const details = this.of('timegroups_details', 'timegroupid', group);
    const read = details.map((one) => timeOf(valueIn(one, 'time')));
    if (details.length === 0 || !read.every((one) => one !== undefined)) {
      const why =
        details.length === 0 ? 'is in no file' : 'has times that the policy has no word for';
      this.leave(row, name, `its time group ${group} ${why}`);
      return 'unknown';
    }
    const zone = valueIn(row, 'timezone');
    if (/^[A-Za-z_]+\/[A-Za-z_/]+$/.test(zone)) this.timeZone = zone;
    return [...new Set(read.map(({ window }) => window))];
  }
}

interface Pattern {
  readonly row: Row;
  readonly prefix: string;
  readonly pass: string;
  readonly caller: string;
  readonly prepend: string;
}

const WHY: Readonly<Record<string, string>> = {
  outcid: 'a caller ID: set `caller_id` of the trunk, or keep it in your dialplan',
  failscript: 'a script after failures',
  password: 'asks for a password: keep it in your dialplan',
  dest: 'where calls go after all trunks: keep it in your dialplan',
};

function isAlike(one: DraftRoute, other: DraftRoute): boolean {
  const key = ({ attempts, from }: DraftRoute) => JSON.stringify([attempts, from]);
  return key(one) === key(other);
}

function withCaller({
  pattern,
  extension,
}: {
  readonly pattern: Pattern;
  readonly extension: string;
}) {
  return pattern.caller === '' ? extension : `${extension}/${pattern.caller}`;
}

/** As FreePBX writes it into the dialplan. */
function extensionOf(text: string): string {
  const plain = text.replace(/\s/g, '');
  return /^[0-9+#]*$/.test(plain) ? plain : `_${plain.replace(/^_/, '')}`;
}

function dialOf(technology: string, channel: string): string | undefined {
  const isName = /^[A-Za-z0-9._-]+$/.test(channel);
  switch (technology.toLowerCase()) {
    case 'pjsip':
      return isName ? `PJSIP/{number}@${channel}` : undefined;
    case 'sip':
    case 'iax2':
    case 'dahdi':
      return isName ? `${technology.toUpperCase()}/${channel}/{number}` : undefined;
    case 'custom': {
      const dial = channel.replace('$OUTNUM$', '{number}');
      const isDial = /^(?:PJSIP|SIP|IAX2|DAHDI)\/[A-Za-z0-9{}@._:;/=-]+$/.test(dial);
      return isDial && dial.split('{number}').length === 2 ? dial : undefined;
    }
    default:
      return undefined;
  }
}

function indexOf(rows: readonly Row[], column: string): ReadonlyMap<string, readonly Row[]> {
  const index = new Map<string, Row[]>();
  for (const row of rows) {
    const id = valueIn(row, column);
    const known = index.get(id);
    if (known) known.push(row);
    else index.set(id, [row]);
  }
  return index;
}

function valueIn({ values }: Row, column: string): string {
  return (values.get(column) ?? '').trim();
}

function patternText({ values }: Row): string {
  return [...values].map(([name, value]) => `${name}=${value}`).join(' ');
}
