/** How often what changes slowly is asked for. Milliseconds. */
export const SOMETIMES_MS = 30_000;
