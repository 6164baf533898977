/** Whether a text is like a pattern, in which `*` is any text; what each `*` stands for, or null. Linear in the text for a fixed pattern: no regular expression is made of what an operator wrote. */
export function matchPattern(pattern: string, text: string): readonly string[] | null {
  const [head = '', ...parts] = pattern.split('*');
  if (!text.startsWith(head)) return null;
  if (parts.length === 0) return text === head ? [] : null;
  const captures: string[] = [];
  let at = head.length;
  for (const [i, part] of parts.entries()) {
    const isLast = i === parts.length - 1;
    const found = isLast ? text.length - part.length : text.indexOf(part, at);
    if (found < at || !text.startsWith(part, found)) return null;
    captures.push(text.slice(at, found));
    at = found + part.length;
  }
  return captures;
}
