/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** The thing examined is not in order. */
  failed: 1,
  /** A setting, file or argument is wrong; nothing was started. */
  usage: 2,
  /** The things compared differ. */
  differs: 3,
} as const;
