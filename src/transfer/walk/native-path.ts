/** A path of the manifest (one character a byte) as the file system takes it. */
export function nativePath(path: string): string | Buffer {
  for (let i = 0; i < path.length; i++) if (path.charCodeAt(i) > 127) return Buffer.from(path, 'latin1');
  return path;
}
