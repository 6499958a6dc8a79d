/** The part of the test dependency that our tests use; it brings no types of its own. */
declare module 'mailparser' {
  export interface ParsedMail {
    subject?: string;
    text?: string;
    html: string | false;
    messageId?: string;
    headers: Map<string, unknown>;
  }
  export function simpleParser(source: string): Promise<ParsedMail>;
}
