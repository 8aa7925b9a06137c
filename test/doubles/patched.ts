interface Patched {
  readonly least: string;
  readonly is?: string;
  /** What ari-client and swagger-client bring for HTTP, and nobody uses: installed, but not in the program. */
  readonly isLeftOut?: true;
}

/** Oldest version without the known holes or incompatibilities, and what may stand in for it. */
export const PATCHED: Readonly<Record<string, Patched>> = {
  request: { least: '4.0.1', is: '@cypress/request', isLeftOut: true },
  ws: { least: '8.23.0' },
  'form-data': { least: '4.0.6', isLeftOut: true },
  'tough-cookie': { least: '6.1.0', isLeftOut: true },
  qs: { least: '6.17.1', isLeftOut: true },
  cookiejar: { least: '2.1.4', isLeftOut: true },
  xml2js: { least: '0.5.0' },
  cookie: { least: '1.0.2' },
};

/** Whether a version is not older than another. */
export function atLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split(/[.-]/).map(Number));
  for (const [index, part] of (want ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
