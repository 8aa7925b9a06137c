/** Of a hunt among those of all PBXes: two of them may give their hunts the same id. */
export function huntName(pbx: string, hunt: string): string {
  return `${pbx} ${hunt}`;
}
