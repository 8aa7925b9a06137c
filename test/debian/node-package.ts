import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ran } from '../../lab/release/ran';

/**
 * A package `nodejs` of the Node that runs this test. It stands for NodeSource's, which has the same name: Debian 12's
 * own is too old.
 */
export function nodePackage(folder: string): string {
  const tree = join(folder, 'nodejs');
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  copyFileSync(process.execPath, join(tree, 'usr/bin/node'));
  const control = [
    'Package: nodejs',
    `Version: ${process.versions.node}-1test`,
    `Architecture: ${ran('dpkg', ['--print-architecture'], folder).trim()}`,
    'Maintainer: test <test@crankback.invalid>',
    'Description: the Node of the test',
  ];
  writeFileSync(join(tree, 'DEBIAN/control'), `${control.join('\n')}\n`);
  const file = join(folder, 'nodejs.deb');
  ran('dpkg-deb', ['--root-owner-group', '-Znone', '--build', tree, file], folder);
  return file;
}
