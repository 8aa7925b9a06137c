/** One line of a dialplan. */
export interface Step {
  /** `_X.`, `112`, `h` */
  readonly extension: string;
  /** `1`, `n`, `hint` */
  readonly priority: string;
  /** `Goto(crankback,${EXTEN},1)` */
  readonly does: string;
  /** Where it stands: `extensions.conf:12`, or the name of what made it. */
  readonly where: string;
}

export interface Context {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Contexts that it includes. */
  readonly includes: readonly string[];
}

/** Contexts by name, of the files or as Asterisk has them loaded. */
export type Dialplan = ReadonlyMap<string, Context>;

/** Our own contexts: two of them are the user's. */
export function isOurs(context: string): boolean {
  return /^crankback(-|$)/.test(context) && !isUsers(context);
}

/** The two that the user writes. */
export function isUsers(context: string): boolean {
  return context === 'crankback-fallback' || context === 'crankback-emergency';
}

/** The context that a step goes to, `Goto(crankback,${EXTEN},1)` → `crankback`; undefined where it stays or dials. */
export function leadsTo({ does }: Step): string | undefined {
  const [, goes] =
    /^(?:Goto|Gosub)\(([^,()]+),[^,()]*,/i.exec(does) ??
    /^(?:GotoIf|GosubIf|ExecIf)\(.*[?:(]([a-z][\w-]*),[^,()]*,/i.exec(does) ??
    /Local\/[^@&,]*@([\w-]+)/i.exec(does) ??
    [];
  return goes;
}

/** All contexts that a context leads to by its steps and what it includes, itself included. */
export function reachedFrom(dialplan: Dialplan, from: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [from];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const context = dialplan.get(name);
    // What our own contexts lead to is known, and is no user's way.
    if (reached.has(name) || !context || (isOurs(name) && name !== from)) {
      if (isOurs(name)) reached.add(name);
      continue;
    }
    reached.add(name);
    waiting.push(...context.includes, ...context.steps.flatMap((step) => leadsTo(step) ?? []));
  }
  return reached;
}

/** PJSIP endpoints that a step dials. */
export function dialledIn({ does }: Step): readonly string[] {
  const bySlash = [...does.matchAll(/PJSIP\/([\w.-]+)\/sip/g)];
  const byAt = [...does.matchAll(/PJSIP\/[^@&,()/]*@([\w.-]+)/g)];
  return [...new Set([...bySlash, ...byAt].flatMap(([, name]) => name ?? []))];
}
