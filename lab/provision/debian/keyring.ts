import { existsSync } from 'node:fs';

const CANDIDATES = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];

/** The keyring that verifies Debian's packages, if this machine has it. */
export function debianKeyring(): string | undefined {
  return CANDIDATES.find((path) => existsSync(path));
}

/** As `debianKeyring`, for callers that need it. */
export function requireDebianKeyring(): string {
  const keyring = debianKeyring();
  if (keyring === undefined) {
    throw new Error(
      `None of ${CANDIDATES.join(', ')} exists. What to do: apt-get install debian-archive-keyring`,
    );
  }
  return keyring;
}
