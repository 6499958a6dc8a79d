import type { Compilable, CompiledQuery } from 'kysely';
import type { Queries } from './database.ts';

/** Stands in a statement for a value that comes later. */
class Slot {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type Engine = Queries['engine'];

/**
 * A statement that is built once per engine and then only filled: where something runs a thousand times a second,
 * building its text would cost more than running it. `build` gets a stand-in for each of the named values and must not
 * look at them. Execute it with `q.for().executeQuery(…)`, or hand it to `tx.send`.
 */
export function statement<V extends object, R>(
  names: readonly (keyof V & string)[],
  build: (q: Queries, values: V) => Compilable<R>,
): (q: Queries, values: V) => CompiledQuery<R> {
  const built = new Map<Engine, CompiledQuery<R>>();
  const slots = Object.fromEntries(names.map((name) => [name, new Slot(name)])) as V;
  return (q, values) => {
    const query = built.get(q.engine) ?? build(q, slots).compile();
    built.set(q.engine, query);
    const given = values as Readonly<Record<string, unknown>>;
    return { ...query, parameters: query.parameters.map((one) => (one instanceof Slot ? given[one.name] : one)) };
  };
}
