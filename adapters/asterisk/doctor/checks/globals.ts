import type { Found } from '../../../../src/doctor/found';
import { stillFollows, travelsWrongly, type HasOfPolicy } from '../../../../src/doctor/travelling';
import { SYMBOLS } from '../../../../src/model/dialled';
import { firstVariable } from '../../plan/travel-globals';
import { validityOf } from '../../plan/travel-text';
import { publishedTrunks } from '../../trunks/policy-globals';
import { ariOf, type AsteriskSeen } from '../seen';

/** What Asterisk knows of crankback. */
export function globals(seen: AsteriskSeen): readonly Found[] {
  const { wanted, files } = seen;
  const clears = files?.extensions?.lines.find(
    ({ section, name, value }) =>
      section === 'general' && name === 'clearglobalvars' && isTrue(value),
  );
  const found: Found[] = clears
    ? [{ finding: 'CB3202', what: `${clears.where} has clearglobalvars = ${clears.value}` }]
    : [];
  const known = ariOf(seen)?.globals;
  if (!known || !wanted.decides) return found;
  const isSet = (name: string) => (known.get(name) ?? '') !== '';
  if (isSet('CRANKBACK_FROZEN_AT') && known.get('CRANKBACK_FROZEN_AT') !== '0')
    found.push({
      finding: 'CB3203',
      what: 'CRANKBACK_FROZEN_AT is set: a call has waited in vain',
    });
  // Without a service there is nobody who should have set them.
  if (!wanted.serviceRuns) return found;
  if (!isSet('CRANKBACK_SESSION'))
    return [...found, { finding: 'CB3201', what: 'CRANKBACK_SESSION is not set in Asterisk' }];
  const hash = known.get('CRANKBACK_POLICY') ?? '';
  if (hash !== wanted.policyHash)
    found.push({
      finding: 'CB3204',
      what: `Asterisk has policy ${hash || 'none'}; the file is ${wanted.policyHash}`,
      change: 'systemctl reload crankback',
    });
  for (const { name } of publishedTrunks(wanted.trunks)) {
    if (isSet(`CRANKBACK_DIAL_${name}`)) continue;
    found.push({ finding: 'CB3205', what: `CRANKBACK_DIAL_${name} is not set in Asterisk` });
  }
  return [...found, ...travelling(wanted.told, known)];
}

function travelling(
  told: string | undefined,
  known: ReadonlyMap<string, string>,
): readonly Found[] {
  if (told === undefined) return [];
  const what = travelsWrongly('Asterisk', hasOfPolicy(known), told, Date.now());
  return what === undefined ? [] : [{ finding: 'CB3206', what }];
}

/** What Asterisk goes by of a crankback that has ended without taking it back. */
export function followed(seen: AsteriskSeen): readonly Found[] {
  const { decides, travels } = seen.wanted;
  const known = ariOf(seen)?.globals;
  if (!known || (decides && travels)) return [];
  const generation = known.get('CRANKBACK_GENERATION') ?? '';
  const what = stillFollows('Asterisk', hasOfPolicy(known), generation, Date.now());
  return what === undefined ? [] : [{ finding: 'CB3207', what }];
}

function hasOfPolicy(known: ReadonlyMap<string, string>): HasOfPolicy {
  const texts = [...SYMBOLS].flatMap(
    (symbol) => validityOf(known.get(firstVariable(symbol)) ?? '') ?? [],
  );
  return {
    generations: [...new Set(texts.map(({ generation }) => generation))],
    until: texts.length > 0 ? Math.min(...texts.map(({ until }) => until)) : undefined,
  };
}

/** As Asterisk reads it. */
export function isTrue(value: string): boolean {
  return /^(yes|true|y|t|1|on)$/i.test(value.trim());
}
