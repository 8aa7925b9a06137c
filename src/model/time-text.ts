/** To the second, UTC: `2026-01-31T22:00:00Z`. @param ms Unix time in milliseconds */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, '');
}
