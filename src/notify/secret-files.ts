import { open } from 'node:fs/promises';

/** A key or a URL; bytes. */
const LARGEST = 4_096;

/** Where a secret of this name is. */
export const SECRET_PREFIX = 'CRANKBACK_ALERT_SECRET_';

/** The value of a secret by its name in the policy; rejects with a sentence that does not have it. */
export type SecretOf = (name: string) => Promise<string>;

/**
 * Secrets of the environment, or of files that it names. They are read for each delivery, so that a new one needs no
 * restart. No other variable can be named.
 */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): SecretOf {
  return async (name) => {
    const variable = SECRET_PREFIX + name;
    const path = env[`${variable}_FILE`];
    if (path === undefined || path === '') {
      const value = env[variable];
      if (value === undefined || value === '')
        throw new Error(`${variable} is not set, and neither is ${variable}_FILE`);
      return value;
    }
    const value = await read(path).catch((error: unknown) => {
      throw new Error(`${variable}_FILE cannot be read: ${reason(error)}`);
    });
    // Editors and `echo` end a file with a line break that is not part of the secret.
    const secret = value.replace(/\r?\n$/, '');
    if (secret === '') throw new Error(`${variable}_FILE is empty`);
    return secret;
  };
}

async function read(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    if (!(await file.stat()).isFile()) throw new Error('not a plain file');
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LARGEST + 1), 0, LARGEST + 1, 0);
    if (bytesRead > LARGEST) throw new Error(`larger than ${LARGEST} bytes`);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
