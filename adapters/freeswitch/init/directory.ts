import { isIP } from 'node:net';
import { attribute, below, paramOf, type Element } from './document';

/**
 * FreeSWITCH's own domain is `default` where it is the machine's address, as in the vanilla configuration: an address
 * changes. Mailboxes of another domain that only a running FreeSWITCH knows cannot be named.
 */
export function mailboxesOf(root: Element | undefined, own: string): readonly string[] {
  const found = below(sectionOf(root, 'directory'), 'domain').flatMap((domain) => {
    const name = domainName(attribute(domain, 'name'), own);
    if (!/^[A-Za-z0-9._-]+$/.test(name)) return [];
    return below(domain, 'user')
      .filter((user) => paramOf(user, 'vm-password') !== undefined)
      .map((user) => `${attribute(user, 'id')}@${name}`);
  });
  return [...new Set(found)];
}

/** Whether mailboxes are in a domain that only a running FreeSWITCH knows. */
export function isDomainUnknown(root: Element | undefined, own: string): boolean {
  return below(sectionOf(root, 'directory'), 'domain').some((domain) =>
    domainName(attribute(domain, 'name'), own).includes('$'),
  );
}

function domainName(name: string, own: string): string {
  const isAddress = name.includes('$') || isIP(name) !== 0;
  return isAddress && name === own ? 'default' : name;
}

/** The users, whatever points at them again. */
export function usersOf(root: Element | undefined): readonly Element[] {
  return below(sectionOf(root, 'directory'), 'user').filter(
    (user) => attribute(user, 'type') !== 'pointer',
  );
}

/** Variables that every call of a user has: `default_gateway` of the vanilla configuration. */
export function variablesOf(root: Element | undefined): readonly (readonly [string, string])[] {
  const [domain] = below(sectionOf(root, 'directory'), 'domain');
  const own = domain?.$$?.find((child) => child['#name'] === 'variables');
  return below(own, 'variable').map(
    (one) => [attribute(one, 'name'), attribute(one, 'value')] as const,
  );
}

function sectionOf(root: Element | undefined, name: string): Element | undefined {
  return below(root, 'section').find((section) => attribute(section, 'name') === name);
}
