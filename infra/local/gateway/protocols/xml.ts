const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

// XML 1.0 has no way at all to write these, not even as entities.
// eslint-disable-next-line no-control-regex
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/** Escapes text for an XML element. */
export function escapeXml(text: string): string {
  return text.replace(UNWRITABLE, '').replace(/[&<>"\r]/g, (char) => ENTITIES[char] ?? char);
}

/** An element around content that is XML already. */
export function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

/** The text of a scalar as AWS writes it; dates in ISO form, bytes in base64. */
export function scalarText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}
