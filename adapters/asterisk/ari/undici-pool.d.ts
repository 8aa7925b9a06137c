/** The file of undici that has its `Pool`; the package types only itself as a whole. */
declare module 'undici/lib/dispatcher/pool' {
  import { Pool } from 'undici';

  export default Pool;
}
