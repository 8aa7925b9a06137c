import { variable, type ChannelData } from '../esl/channel-data';

/** A trunk that rings users or groups of FreeSWITCH's directory: `user/{number}@example.com`, `group/sales`. */
export interface PhonesTrunk {
  readonly technology: 'user' | 'group';
  /** The name before and behind the number; `after` is undefined where the name has no number. */
  readonly before: string;
  readonly after: string | undefined;
  /** Undefined for FreeSWITCH's own domain. */
  readonly domain: string | undefined;
}

/** @returns undefined for a dial string that rings none */
export function phonesIn(dialString: string): PhonesTrunk | undefined {
  const [, technology, name = '', domain] =
    /^(user|group)\/([^/@]+)(?:@([^/]+))?$/.exec(dialString) ?? [];
  if (technology !== 'user' && technology !== 'group') return undefined;
  const [before = '', after] = name.split('{number}');
  return { technology, before, after, domain };
}

/** A user or a group that FreeSWITCH has dialled. */
export interface DialledPhones {
  readonly technology: 'user' | 'group';
  readonly name: string;
  readonly domain: string;
}

/** The user that a leg B rings; undefined for any other leg, also for that of a group. */
export function userOf(leg: ChannelData): DialledPhones | undefined {
  return dialled('user', variable(leg, 'dialed_user'), variable(leg, 'dialed_domain'));
}

/** The group that leg A has dialled last, perhaps in an earlier bridge; its legs B do not name it. */
export function groupOf(legA: ChannelData): DialledPhones | undefined {
  return dialled('group', variable(legA, 'dialed_group'), variable(legA, 'dialed_domain'));
}

function dialled(
  technology: DialledPhones['technology'],
  name: string | undefined,
  domain = '',
): DialledPhones | undefined {
  return name === undefined ? undefined : { technology, name, domain };
}

/** Whether a trunk rings these phones. */
export function rings(trunk: PhonesTrunk, phones: DialledPhones): boolean {
  const { before, after, domain } = trunk;
  if (trunk.technology !== phones.technology) return false;
  if (domain !== undefined && domain !== phones.domain) return false;
  if (after === undefined) return phones.name === before;
  const { name } = phones;
  return (
    name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after)
  );
}
