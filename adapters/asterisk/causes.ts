/** Q.850 cause that we give a leg from which nothing came; recognised when Dial() reports it. */
export const GIVEN_UP_CAUSE = 38;

/** Q.850 23, redirection to new destination: what Asterisk makes of a 3xx. */
export const REDIRECTED_CAUSE = 23;

/** A Q.850 cause as Asterisk keeps it, or undefined where it carries none (0, or its own above 127). */
export function q850Of(cause: number): number | undefined {
  return cause >= 1 && cause <= 127 ? cause : undefined;
}

const TECH = /^SIP (\d{3}) ?(.*)$/s;

/** `SIP 503 Service Unavailable` → status and phrase; undefined for anything else. */
export function readTech(tech: string): { status: number; phrase: string } | undefined {
  const match = TECH.exec(tech);
  return match?.[1] === undefined
    ? undefined
    : { status: Number(match[1]), phrase: match[2] ?? '' };
}
