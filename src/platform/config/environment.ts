export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables this process was started with: the one place that reads them. */
export function environment(): Environment {
  return process.env;
}
