/** Why a hunt that was logged may be nowhere: calls left to their own dialplan are no hunts of the journal. */
export const NO_SUCH_CALL =
  'the journal has no such call; of calls that are left to their own dialplan it keeps those in which a trunk of the policy failed, once they are over';
