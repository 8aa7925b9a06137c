import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashFolder, hashTexts } from '../hash-files';
import { crankbackContextFolder, repositoryRoot } from '../paths';
import { productionPackages, type PackageLock } from '../production-packages';

/** The folders of dist/ that the running service needs, without tests and lab. */
const SERVICE_FOLDERS = ['src', 'adapters'];

/**
 * Collects the contents of the service's image in one folder and returns their hash. The packages are
 * copied from this machine, because a build container may not reach an npm registry.
 */
export async function prepareCrankbackContext(): Promise<string> {
  const dist = join(repositoryRoot, 'dist');
  if (!existsSync(join(dist, 'src', 'main.js'))) {
    throw new Error('dist/src/main.js does not exist. What to do: npm run build');
  }
  await mkdir(crankbackContextFolder, { recursive: true });
  const lockHash = await copyProductionPackages();

  const packageFile = await readFile(join(repositoryRoot, 'package.json'), 'utf8');
  await writeFile(join(crankbackContextFolder, 'package.json'), packageFile);
  const staged = join(crankbackContextFolder, 'dist');
  await rm(staged, { recursive: true, force: true });
  for (const name of SERVICE_FOLDERS) {
    if (existsSync(join(dist, name))) {
      await cp(join(dist, name), join(staged, name), { recursive: true });
    }
  }
  return hashTexts([lockHash, packageFile, await hashFolder(staged)]);
}

/** Copies only if the lock file has changed, so that further runs are instant. */
async function copyProductionPackages(): Promise<string> {
  const lockText = await readFile(join(repositoryRoot, 'package-lock.json'), 'utf8');
  const lockHash = hashTexts([lockText]);
  const target = join(crankbackContextFolder, 'node_modules');
  // Beside the folder: inside, it would become part of the image.
  const stamp = `${crankbackContextFolder}.lock-hash`;
  const copiedHash = await readFile(stamp, 'utf8').catch(() => '');
  if (copiedHash === lockHash && existsSync(target)) return lockHash;

  const installedText = await readFile(
    join(repositoryRoot, 'node_modules', '.package-lock.json'),
    'utf8',
  ).catch(() => '{"packages":{}}');
  const paths = productionPackages(
    JSON.parse(lockText) as PackageLock,
    JSON.parse(installedText) as PackageLock,
  );
  await rm(stamp, { force: true });
  await rm(target, { recursive: true, force: true });
  for (const path of paths) {
    const source = join(repositoryRoot, path);
    await cp(source, join(crankbackContextFolder, path), {
      recursive: true,
      // Nested packages are listed separately; those only for development are not.
      filter: (from) => from === source || basename(from) !== 'node_modules',
    });
  }
  await writeFile(stamp, lockHash);
  return lockHash;
}
