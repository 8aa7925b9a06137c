// Own code: the packages that make GitHub's anchors are ES modules, and this is one line.

/** The anchor of a heading, as GitHub makes it; of two alike the second gets `-1`. */
export function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
