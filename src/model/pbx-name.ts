/** Names stand in records, metrics and messages, and between other words in texts. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;

export const PBX_NAME_EXPECTED =
  'Expected the name of a PBX: up to 32 of A-Z a-z 0-9 . _ -, such as berlin';

/** Whether a PBX may be called so. */
export function isPbxName(name: string): boolean {
  return NAME.test(name);
}
