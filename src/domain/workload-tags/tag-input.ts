const KEY = /^[\w.:/+@-]{1,127}$/;
const VALUE = /^[\w .:/+@-]{1,255}$/;

/** All that is wrong with a tag that somebody gives, `key=value`, one sentence each. */
export function checkUserTag(instanceId: string, pair: string, reason: string): string[] {
  const at = pair.indexOf('=');
  const [key, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  return [
    ...(/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(instanceId) ? [] : [`instanceId is "${instanceId}"; expected an EC2 instance id such as "i-0123456789abcdef0"`]),
    ...(KEY.test(key) && VALUE.test(value) ? [] : [`tag is "${pair.slice(0, 80)}"; expected key=value of letters, digits, blanks and . : / + @ - _`]),
    ...(/^(aws|foreshift):/i.test(key) ? [`tag is "${pair.slice(0, 80)}"; expected a key that does not begin with "aws:" or "foreshift:"`] : []),
    ...(reason.length > 0 && reason.length <= 300 ? [] : ['reason: expected a text of 1 to 300 characters']),
  ];
}
