import type { ConfigFiles } from '../../../src/init/pbx';
import type { FoundTrunk } from '../../../src/init/survey';
import { readConf, isTrue, valueIn, type ConfSection } from './conf-file';

/** An endpoint of chan_pjsip. */
export interface Endpoint {
  readonly name: string;
  readonly where: string;
  /** For people. */
  readonly facts: readonly string[];
  readonly role: 'registers' | 'static' | 'phone' | 'unknown';
}

export interface ReadEndpoints {
  readonly endpoints: readonly Endpoint[];
  readonly notes: readonly string[];
}

/** Endpoints of pjsip.conf, what it includes, and pjsip_wizard.conf. */
export function readEndpoints(files: ConfigFiles, folder: string): ReadEndpoints {
  const pjsip = readConf(files, folder, 'pjsip.conf');
  const wizard = readConf(files, folder, 'pjsip_wizard.conf');
  const realtime = readConf(files, folder, 'sorcery.conf').sections.some(({ lines }) =>
    lines.some(({ name, value }) => /^endpoint(?:\/|$)/.test(name) && value.startsWith('realtime')),
  );
  return {
    endpoints: [...ofObjects(pjsip.sections), ...ofWizard(wizard.sections)],
    notes: [
      ...pjsip.notes,
      ...wizard.notes,
      ...(realtime ? ['sorcery.conf: endpoints in a database are not read'] : []),
    ],
  };
}

/** Endpoints of chan_pjsip, also as its wizard makes them, wherever their sections stand. */
export function endpointsOf(sections: readonly ConfSection[]): readonly Endpoint[] {
  return [...ofObjects(sections), ...ofWizard(sections)];
}

/** Of an endpoint that no Dial() was found for. */
export function trunkOf({ name, where, facts, role }: Endpoint): FoundTrunk | undefined {
  if (role !== 'registers' && role !== 'static') return undefined;
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return undefined;
  return { name, dial: `PJSIP/{number}@${name}`, where, facts, because: role };
}

function ofObjects(sections: readonly ConfSection[]): readonly Endpoint[] {
  const real = sections.filter(({ isTemplate }) => !isTemplate);
  const typed = (type: string): readonly ConfSection[] =>
    real.filter((section) => valueIn(section, 'type')?.toLowerCase() === type);
  const aors = new Map(typed('aor').map((aor) => [aor.name, aor]));
  const registrations = typed('registration');
  return typed('endpoint').map((endpoint) => {
    const names = (valueIn(endpoint, 'aors') ?? '').split(',').map((one) => one.trim());
    const contacts = names.flatMap((name) => {
      const contact = valueIn(aors.get(name), 'contact');
      return contact === undefined ? [] : [contact];
    });
    const hosts = new Set(contacts.map(hostOf));
    const isRegistered = registrations.some(
      (registration) =>
        valueIn(registration, 'endpoint') === endpoint.name ||
        hosts.has(hostOf(valueIn(registration, 'server_uri') ?? '')),
    );
    return {
      name: endpoint.name,
      where: endpoint.where,
      role: roleOf(isRegistered, contacts.length > 0, valueIn(endpoint, 'auth') !== undefined),
      facts: [...contacts, ...(isRegistered ? ['registers'] : []), ...codecsOf(endpoint)],
    };
  });
}

function ofWizard(sections: readonly ConfSection[]): readonly Endpoint[] {
  return sections
    .filter((one) => !one.isTemplate && valueIn(one, 'type') === 'wizard')
    .map((section) => {
      const hosts = valueIn(section, 'remote_hosts');
      const isRegistered = isTrue(valueIn(section, 'sends_registrations'));
      const accepts = isTrue(valueIn(section, 'accepts_registrations'));
      return {
        name: section.name,
        where: section.where,
        role: roleOf(isRegistered, hosts !== undefined, accepts),
        facts: [...(hosts === undefined ? [] : [hosts]), ...(isRegistered ? ['registers'] : [])],
      };
    });
}

function roleOf(isRegistered: boolean, isStatic: boolean, hasAuth: boolean): Endpoint['role'] {
  if (isRegistered) return 'registers';
  if (isStatic) return 'static';
  return hasAuth ? 'phone' : 'unknown';
}

function codecsOf(endpoint: ConfSection): readonly string[] {
  const allowed = endpoint.lines
    .filter(({ name }) => name === 'allow')
    .flatMap(({ value }) => value.split(','))
    .map((one) => one.trim())
    .filter((one) => /^[a-z0-9_]+$/i.test(one));
  return allowed.length > 0 ? [allowed.join(', ')] : [];
}

/** `sip:user@host:5060;x` is host. */
function hostOf(uri: string): string {
  return uri
    .replace(/^sips?:/i, '')
    .replace(/^[^@]*@/, '')
    .replace(/[:;?].*$/, '')
    .toLowerCase();
}
