import { setFlagsFromString } from 'node:v8';

/** As the unit and the image start Node; MB. A larger generation is collected faster with help. */
const SMALL = /--max[-_]semi[-_]space[-_]size[= ][12]\b/;

/**
 * From now on each thread collects its young generation by itself, where Node was started with a small one. V8 lets other
 * threads help and waits for all of them; for one that gets no processor, it waits in the middle of a pause in which nothing is
 * decided. A small generation is collected as fast without help. For the whole process.
 * @param options that Node was started with
 */
export function collectedAlone(
  options = `${process.env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`,
): void {
  if (SMALL.test(options)) setFlagsFromString('--no-parallel-scavenge');
}
