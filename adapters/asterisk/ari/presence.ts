/**
 * Name of a second Stasis application of the connection that takes an application's calls. It has no subscription and no
 * calls, so that it ends with its connection. Asterisk before 20.14, 21.9 and 22.4, and 18, keeps an application that has
 * subscriptions until it is restarted itself: whether somebody is connected, it cannot tell of that one.
 */
export function presenceOf(application: string): string {
  return `${application}-here`;
}
