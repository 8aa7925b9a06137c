/** `crankback check`, which is one file of the program: it loads most of what is in it. */
export { check } from './cli/check';
