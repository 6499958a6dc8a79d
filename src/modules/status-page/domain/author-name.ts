/** What people call an author: the label of an actor without its kind, "ada" of "user:ada". */
export function authorName(label: string): string {
  return label.slice(label.indexOf(':') + 1);
}
