/**
 * Runs a call during which Node does not tell what is deprecated. ari-client reads its URL by url.parse(). From Node 24 on
 * that is told on standard error wherever it is not below `node_modules`, as in the bundle; whoever runs crankback can do
 * nothing about it. The settings have checked the URL.
 * @param call returns before anything else can run
 */
export function withoutDeprecation<T>(call: () => T): T {
  const before = process.noDeprecation ?? false;
  process.noDeprecation = true;
  try {
    return call();
  } finally {
    process.noDeprecation = before;
  }
}
