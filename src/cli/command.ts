/** Where a command writes: results to `print`, everything else to `error`. */
export interface Io {
  print(line: string): void;
  error(line: string): void;
}

/** One word after `signalbox`. The number it resolves to is the exit code: 0 done, 1 found wrong, 2 could not run. */
export interface Command {
  name: string;
  summary: string;
  run(argv: readonly string[], io: Io): Promise<number>;
}
