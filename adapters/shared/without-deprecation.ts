/**
 * Runs a call during which Node does not tell what is deprecated. ari-client reads its URL by url.parse(), which Node tells
 * from 24 on; the settings have checked the URL. modesl makes buffers by `new Buffer`. Both are told on standard error
 * wherever they are not below `node_modules`, as in the bundle; whoever runs crankback can do nothing about it.
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
