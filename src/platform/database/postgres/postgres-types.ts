import { types } from 'pg';

// OIDs of pg_type.
const BOOL = 16;
const BYTEA = 17;
const INT8 = 20;
const NUMERIC = 1700;

type Parser = (value: string) => unknown;

/** One result shape for both engines: whole numbers are numbers, truth is 0 or 1, bytes are a Uint8Array. */
const PARSERS: Readonly<Record<number, Parser>> = {
  [BOOL]: (value) => (value === 't' ? 1 : 0),
  [BYTEA]: (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex')),
  [INT8]: wholeNumber,
  [NUMERIC]: Number,
};

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`The database answered ${value}, which is beyond the whole numbers JavaScript can hold.`);
}

export const portableTypes: typeof types = {
  ...types,
  getTypeParser: (oid, format) => PARSERS[oid] ?? (types.getTypeParser(oid, format) as Parser),
};
