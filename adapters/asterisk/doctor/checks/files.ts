import { isIP } from 'node:net';
import type { Found } from '../../../../src/doctor/found';
import { isLoopback } from '../../../../src/settings/loopback';
import { ariOf, type AsteriskSeen } from '../seen';
import type { ReadConfiguration } from '../written-dialplan';
import { isTrue } from './globals';

/** http.conf, hep.conf and stasis.conf. */
export function files(seen: AsteriskSeen): readonly Found[] {
  const { files: read, wanted } = seen;
  if (!read) return wanted.hep ? hepModules(seen) : [];
  return [
    ...openHttp(read.http, wanted.url),
    ...(wanted.hep ? hep(seen) : []),
    ...(read.stasis &&
    !read.stasis.lines.some(({ value }) => value.includes('ast_channel_varset_type'))
      ? [
          {
            finding: 'CB3406' as const,
            what: 'stasis.conf does not decline ast_channel_varset_type',
            change: 'stasis.conf, [declined_message_types]: decline = ast_channel_varset_type',
          },
        ]
      : []),
  ];
}

function openHttp(http: ReadConfiguration | undefined, url: string): readonly Found[] {
  const address = valueOf(http, 'bindaddr');
  if (address === undefined || isLoopback(address) || url.startsWith('https:')) return [];
  return [
    {
      finding: 'CB3008',
      what: `http.conf has bindaddr = ${address}, and CRANKBACK_ARI_URL is not encrypted`,
      change: 'http.conf: bindaddr = 127.0.0.1',
    },
  ];
}

function hep(seen: AsteriskSeen): readonly Found[] {
  const { files: read, wanted } = seen;
  const port = wanted.hep?.port ?? 0;
  const host = wanted.hep?.host ?? '';
  const configuration = read?.hep;
  // A file that may not be read says nothing.
  if (read?.hasHep === true && !configuration) return hepModules(seen);
  const to = valueOf(configuration, 'capture_address');
  if (to === undefined || !isTrue(valueOf(configuration, 'enabled') ?? 'yes'))
    return [
      {
        finding: 'CB7007',
        what: 'hep.conf is missing, is not enabled, or has no capture_address',
        change: `hep.conf, [general]: enabled = yes, capture_address = ${host}:${port}`,
      },
    ];
  const [, toHost = to, toPort = '9060'] = /^(.*?)(?::(\d+))?$/.exec(to) ?? [];
  const isElsewhere =
    Number(toPort) !== port ||
    (isIP(toHost) > 0 &&
      isIP(host) > 0 &&
      isLoopback(toHost) !== isLoopback(host) &&
      !/^(0\.0\.0\.0|::)$/.test(host));
  const password = valueOf(configuration, 'capture_password');
  const uuid = valueOf(configuration, 'uuid_type');
  return [
    ...(isElsewhere
      ? [
          {
            finding: 'CB7008' as const,
            what: `hep.conf sends to ${to}; crankback listens at ${host}:${port}`,
            change: `hep.conf: capture_address = ${host}:${port}`,
          },
        ]
      : []),
    ...(wanted.hep?.password !== undefined && wanted.hep.password !== password
      ? [
          {
            finding: 'CB7003' as const,
            what: 'capture_password in hep.conf is not that of CRANKBACK_HEP_PASSWORD',
            change: 'hep.conf: capture_password = …',
          },
        ]
      : []),
    ...(uuid !== 'call-id'
      ? [
          {
            finding: 'CB7010' as const,
            what: `hep.conf has uuid_type = ${uuid ?? 'call-id, by default of some versions only'}`,
            change: 'hep.conf: uuid_type = call-id',
          },
        ]
      : []),
    ...(read?.captureResolves === false
      ? [{ finding: 'CB7011' as const, what: `capture_address ${toHost} does not resolve here` }]
      : []),
    ...hepModules(seen),
  ];
}

function hepModules(seen: AsteriskSeen): readonly Found[] {
  const modules = ariOf(seen)?.modules;
  const lacking = ['res_hep.so', 'res_hep_pjsip.so'].filter((name) => modules?.has(name) === false);
  return lacking.map((name) => ({
    finding: 'CB7009' as const,
    what: `${name} is not running`,
    change: `modules.conf: load = ${name}`,
  }));
}

function valueOf(read: ReadConfiguration | undefined, name: string): string | undefined {
  return read?.lines.findLast((line) => line.section === 'general' && line.name === name)?.value;
}
