export interface AptProxies {
  /** apt.conf assignments that a container can also use. */
  readonly settings: readonly string[];
  /** Settings with this machine's loopback, which is a different one inside a container. */
  readonly unusable: readonly string[];
}

const LOOPBACK = /\/\/(?:[^/@]*@)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/"]|$)/;

/** Extracts the proxy settings from the output of `apt-config dump`. */
export function readAptProxies(aptConfigDump: string): AptProxies {
  const all = aptConfigDump
    .split('\n')
    .map((line) => line.trim().replace(/;$/, ''))
    .filter((line) => /^Acquire::\S*proxy\S*\s+"[^"]+"$/i.test(line))
    // A program that finds the proxy exists on this machine, not in the image.
    .filter((line) => !/proxy-?auto-?detect/i.test(line));
  return {
    settings: all.filter((line) => !LOOPBACK.test(line)),
    unusable: all.filter((line) => LOOPBACK.test(line)),
  };
}

const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy', 'all_proxy'];

/** The proxy variables of an environment that are valid inside a container. */
export function containerProxyVariables(env: NodeJS.ProcessEnv): [name: string, value: string][] {
  return Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value && PROXY_VARIABLES.includes(name.toLowerCase()) && !LOOPBACK.test(value)
      ? [[name, value]]
      : [],
  );
}
