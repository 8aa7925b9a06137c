/** How to call docker once the machine is provisioned: argv prefixes, to be run in `env`. */
export interface DockerTools {
  readonly docker: readonly string[];
  /** Names the lab's compose file already, so it works in any working directory. */
  readonly compose: readonly string[];
  /** Takes the options that `docker build` takes, and leaves the image with the engine. */
  readonly build: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}
