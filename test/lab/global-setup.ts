import { buildImages, provision } from '../../lab/provision';

/** Once for all labs. Without Docker this fails with what to do about it; nothing is skipped. */
export default async function globalSetup(): Promise<void> {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  await buildImages(await provision({ log }), { log });
}
