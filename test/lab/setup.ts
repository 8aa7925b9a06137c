const FIRST = 'CRANKBACK_LAB_PLACE';

/** Each of jest's workers has a lab of its own, from the first place on, or from the one that is set. */
process.env[FIRST] = String(
  Number(process.env[FIRST] ?? 1) + Number(process.env['JEST_WORKER_ID']) - 1,
);
