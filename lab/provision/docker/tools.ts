/** Commands for docker once the machine is provisioned: argv prefixes, to be run in `env`. */
export interface DockerTools {
  readonly docker: readonly string[];
  /** Already names the lab's compose file, so it works in any working directory. */
  readonly compose: readonly string[];
  /** Takes the options of `docker build`, and leaves the image with the engine. */
  readonly build: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}
