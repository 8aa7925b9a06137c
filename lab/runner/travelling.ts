/** The policy with `travel: on` at its end, so that its lines stay where they are. */
export function travelling(policy: string): string {
  return /^travel:/m.test(policy) ? policy : `${policy.trimEnd()}\ntravel: on\n`;
}
