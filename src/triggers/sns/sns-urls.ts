const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/;

/** Why a URL is none where SNS keeps the certificates of that topic's region; null where it is. */
export function whyNoSigningUrl(text: string, topicArn: string): string | null {
  const url = snsUrl(text, topicArn);
  if (typeof url === 'string') return `SigningCertURL: ${url}`;
  return CERTIFICATE_PATH.test(url.pathname) && url.search === '' ? null : 'SigningCertURL: expected a path such as /SimpleNotificationService-0123456789abcdef.pem';
}

/** Why a URL confirms no subscription to that topic; null where it does. */
export function whyNoConfirmUrl(text: string, topicArn: string): string | null {
  const url = snsUrl(text, topicArn);
  if (typeof url === 'string') return `SubscribeURL: ${url}`;
  const confirms = url.pathname === '/' && url.searchParams.get('Action') === 'ConfirmSubscription' && url.searchParams.get('TopicArn') === topicArn;
  return confirms ? null : 'SubscribeURL: expected Action=ConfirmSubscription for the same topic';
}

/** Names that SNS's certificates have: one for all regions, and others in those that were added later, in China and in GovCloud. */
export function signerNames(topicArn: string): readonly string[] {
  const { region, domain } = placeOf(topicArn);
  return ['sns.amazonaws.com', `sns.${region}.${domain}`, `sns-${region}.${domain}`, `sns-signing.${region}.${domain}`];
}

function snsUrl(text: string, topicArn: string): URL | string {
  const { region, domain } = placeOf(topicArn);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) return 'expected a URL';
  if (url.protocol !== 'https:') return 'expected https';
  if (url.username !== '' || url.password !== '' || url.port !== '' || url.hash !== '') return 'expected neither user, port nor fragment';
  return url.hostname === `sns.${region}.${domain}` ? url : `expected the host sns.${region}.${domain}`;
}

function placeOf(topicArn: string): { readonly region: string; readonly domain: string } {
  const [, partition = 'aws', , region = ''] = topicArn.split(':');
  return { region, domain: partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com' };
}
