import { cpSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Copies the declarations that the library's entry refers to, directly or not; the compiler itself knows which.
 * @param built the folder that `tsc` has written to
 * @throws Error naming a package whose types they would need: the published package brings none
 */
export function copyDeclarations(built: string, target: string): void {
  const entry = join(built, 'src/index.d.ts');
  const program = ts.createProgram([entry], {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2022,
    types: [],
  });
  const files = program
    .getSourceFiles()
    .filter((file) => !program.isSourceFileDefaultLibrary(file))
    .map(({ fileName }) => fileName);
  const foreign = files.filter((file) => relative(built, file).startsWith('..'));
  if (foreign.length > 0) {
    throw new Error(`the library's declarations need types of others: ${foreign.join(', ')}`);
  }
  for (const file of files) cpSync(file, join(target, relative(built, file)));
}
