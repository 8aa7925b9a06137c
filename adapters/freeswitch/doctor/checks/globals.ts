import type { Found } from '../../../../src/doctor/found';
import { stillFollows, travelsWrongly, type HasOfPolicy } from '../../../../src/doctor/travelling';
import { generationOf } from '../../plan/travel-text';
import type { EslSeen, FreeswitchWanted } from '../seen';

/** Global variables: where handovers go, what proves them, what is in their way. */
export function globals({ globals: known }: EslSeen, wanted: FreeswitchWanted): readonly Found[] {
  const of = (name: string): string => known.get(name) ?? '';
  const socket = of('crankback_socket');
  const found: Found[] = [];
  if (socket === '')
    found.push({
      finding: 'CB4005',
      what: 'FreeSWITCH has no global variable crankback_socket',
      change: `vars.xml: <X-PRE-PROCESS cmd="set" data="crankback_socket=127.0.0.1:${wanted.listenPort}"/>`,
    });
  else if (!socket.endsWith(`:${wanted.listenPort}`))
    found.push({
      finding: 'CB4006',
      what: `crankback_socket is ${socket}; crankback listens at port ${wanted.listenPort}`,
      change: `vars.xml: crankback_socket=…:${wanted.listenPort}`,
    });
  if (of('socket_resume') === 'true')
    found.push({
      finding: 'CB4205',
      what: 'socket_resume is true',
      change: 'vars.xml: without it',
    });
  if (!wanted.serviceRuns) {
    if (wanted.secret !== undefined && of('crankback_secret') !== wanted.secret)
      found.push({
        finding: 'CB4203',
        what: 'crankback_secret is not that of CRANKBACK_ESL_SECRET',
        change: 'vars.xml: crankback_secret=…',
      });
    return found;
  }
  if (of('crankback_secret') === '')
    found.push({ finding: 'CB4201', what: 'crankback_secret is not set' });
  if (of('crankback_generation') === '')
    found.push({ finding: 'CB4204', what: 'crankback_generation is not set' });
  if (of('crankback_skip') === '1') found.push({ finding: 'CB4202', what: 'crankback_skip is 1' });
  return [...found, ...travelling(wanted.told, of)];
}

function travelling(told: string | undefined, of: (name: string) => string): readonly Found[] {
  if (told === undefined) return [];
  const what = travelsWrongly('FreeSWITCH', hasOfPolicy(of), told, Date.now());
  return what === undefined ? [] : [{ finding: 'CB4206', what }];
}

/** What FreeSWITCH goes by of a crankback that has ended without taking it back. */
export function followed(
  { globals: known }: EslSeen,
  { decides, travels }: FreeswitchWanted,
): readonly Found[] {
  if (decides && travels) return [];
  const of = (name: string): string => known.get(name) ?? '';
  const what = stillFollows('FreeSWITCH', hasOfPolicy(of), of('crankback_generation'), Date.now());
  return what === undefined ? [] : [{ finding: 'CB4207', what }];
}

function hasOfPolicy(of: (name: string) => string): HasOfPolicy {
  const generation = generationOf(of('crankback_travel'));
  const until = Number.parseInt(of('crankback_travel_until'), 10);
  return {
    generations: generation === undefined ? [] : [generation],
    until: Number.isNaN(until) ? undefined : until,
  };
}
