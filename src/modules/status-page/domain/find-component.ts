type Pairs = readonly (readonly [name: string, value: string])[];

/**
 * The component that a name and attributes mean, among those of that name in their order: one that has exactly these
 * attributes, else the first that has them among others (specification §4).
 */
export function findByAttributes<C extends { attributes: Pairs }>(candidates: readonly C[], wanted: Pairs): C | null {
  const pairs = new Map(wanted);
  const holding = candidates.filter(({ attributes }) => {
    const own = new Map(attributes);
    return [...pairs].every(([name, value]) => own.get(name) === value);
  });
  return holding.find(({ attributes }) => new Map(attributes).size === pairs.size) ?? holding[0] ?? null;
}
