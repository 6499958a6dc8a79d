/** What a form sent: a repeated name is an array. */
export type Body = Readonly<Record<string, string | string[]>>;

/** What stands in the fields of a form: typed by somebody, or what it begins with. Line ends are ours. */
export class Typed {
  readonly #values: Body;

  constructor(values: Body) {
    this.#values = values;
  }

  list(name: string): string[] {
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
    return value === undefined ? [] : [value].flat().map((text) => text.replace(/\r\n?/g, '\n'));
  }

  /** Of several with one name, the first. */
  text(name: string): string {
    return this.list(name)[0] ?? '';
  }

  has(name: string): boolean {
    return this.list(name).length > 0;
  }

  /** Absent where nothing was typed, as the actions want it. */
  given(name: string): string | undefined {
    const text = this.text(name).trim();
    return text === '' ? undefined : text;
  }

  with(values: Body): Typed {
    return new Typed({ ...this.#values, ...values });
  }
}
