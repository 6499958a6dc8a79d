import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';

export interface Element {
  name: string;
  attributes: Record<string, string>;
  /** Its own text, in one. */
  text: string;
  children: Element[];
}

/** The root of a document that is well-formed to the letter: an unknown entity or a forbidden character is an error. */
export function parseXml(xml: string): Element {
  const parser = new SaxesParser({ xmlns: true });
  const root: Element = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  parser.on('error', (error) => assert.fail(error));
  parser.on('doctype', () => assert.fail('a feed declares no entities'));
  parser.on('opentag', ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, attribute]) => [key, attribute.value]);
    const element = { name, attributes: Object.fromEntries(values) as Record<string, string>, text: '', children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => addText(open.at(-1), text));
  parser.on('cdata', (text) => addText(open.at(-1), text));
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  const [document, ...more] = root.children;
  assert.ok(document !== undefined && more.length === 0);
  return document;
}

function addText(element: Element | undefined, text: string): void {
  if (element !== undefined) element.text += text;
}

export function children(element: Element, name: string): Element[] {
  return element.children.filter((one) => one.name === name);
}

/** The only child of that name. */
export function child(element: Element | undefined, name: string): Element {
  const [found, ...more] = element === undefined ? [] : children(element, name);
  assert.ok(found !== undefined && more.length === 0, `${more.length + 1} of ${name}`);
  return found;
}

export function textOf(element: Element, name: string): string {
  return child(element, name).text;
}
