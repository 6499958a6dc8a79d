/** One measured figure beside its yardstick of the same run. */
export interface Row {
  work: string;
  figure: string;
  yardstick: string;
  bar: string;
  reached: boolean;
}

export function printTable(title: string, rows: readonly Row[]): void {
  const cells = [
    ['work', 'figure', 'yardstick, same run', 'figure to reach', ''],
    ...rows.map((row) => [row.work, row.figure, row.yardstick, row.bar, row.reached ? 'reached' : 'NOT reached']),
  ];
  const widths = (cells[0] ?? []).map((_cell, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  process.stdout.write(`\n${title}\n\n`);
  cells.forEach((row, index) => {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
    if (index === 0) process.stdout.write(`${widths.map((width) => '-'.repeat(width)).join('  ')}\n`);
  });
}

/** Median time of one durable 4 kB append on the disk under `folder`, in milliseconds. */
export async function syncTime(folder: string): Promise<number> {
  const { open, rm } = await import('node:fs/promises');
  const path = `${folder}/sync-probe`;
  const file = await open(path, 'w');
  const times: number[] = [];
  const block = Buffer.alloc(4096, 1);
  for (let round = 0; round < 50; round++) {
    const from = performance.now();
    await file.write(block);
    await file.datasync();
    times.push(performance.now() - from);
  }
  await file.close();
  await rm(path);
  return times.sort((a, b) => a - b)[25] ?? 0;
}
