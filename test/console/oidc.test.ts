import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/console/server/create-app';
import { createLiveFleet } from '../../src/console/server/live-fleet';
import { loginByFile } from '../../src/console/server/login';
import { readOidcFile, type OidcConfig } from '../../src/console/server/oidc/oidc-config';
import { createOidcLogin } from '../../src/console/server/oidc/oidc-login';
import { personOfClaims } from '../../src/console/server/oidc/person-of-claims';
import { createSessions } from '../../src/console/server/sessions';
import type { SessionInfo } from '../../src/console/console-api';
import { fakePorts } from './fake-ports';
import { CLIENT_ID, startProvider, type TokenChange } from './oidc-provider';

const CONSOLE = 'http://127.0.0.1:8480';
const BY_GROUP = { nameClaim: 'email', roleClaim: 'groups', roles: { everybody: 'viewer', platform: 'approver' } } as const;

describe('single sign-on', () => {
  let provider: Awaited<ReturnType<typeof startProvider>>;
  const troubles: string[] = [];
  let nowMs = Date.now();
  let app: ReturnType<typeof createApp>;

  beforeAll(async () => {
    provider = await startProvider();
    const config: OidcConfig = { issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: null, label: 'Log in as Example', scopes: 'openid email', ...BY_GROUP };
    const oidc = createOidcLogin(config, `${CONSOLE}/oidc/callback`, (sentence) => troubles.push(sentence), () => nowMs);
    const { ports } = fakePorts();
    app = createApp({ ports, live: createLiveFleet(ports, 50), login: loginByFile([]), oidc, sessions: createSessions(), webFolder: 'dist/console-web', secure: false, codec: null });
  });
  afterAll(() => provider.close());
  beforeEach(() => {
    troubles.length = 0;
    provider.giveNext({});
  });

  const cookieOf = (answer: Response): string => answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');

  /** From the button to the console's own answer, as a browser goes. */
  async function signOn({ change = {}, alter = (back: URL) => back, cookie }: { change?: TokenChange; alter?: (back: URL) => URL; cookie?: string } = {}): Promise<{ readonly at: string; readonly answer: Response; readonly back: URL; readonly cookie: string }> {
    provider.giveNext(change);
    const begun = await app.request(`${CONSOLE}/oidc/start`);
    const there = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
    const back = alter(new URL(there.headers.get('location') ?? ''));
    const kept = cookie ?? cookieOf(begun);
    const answer = await app.request(back.href, { headers: { cookie: kept } });
    return { at: answer.headers.get('location') ?? '', answer, back, cookie: kept };
  }

  it('is offered, and lets somebody in under their name, with the highest role that their groups have', async () => {
    expect(await (await app.request('/api/login')).json()).toEqual({ oidc: 'Log in as Example' });
    const { at, answer } = await signOn();
    expect([at, troubles]).toEqual(['/#/', []]);
    const session = (await (await app.request('/api/session', { headers: { cookie: cookieOf(answer) } })).json()) as SessionInfo;
    expect(session).toMatchObject({ name: 'ada@example.com', role: 'approver' });
    const set = answer.headers.getSetCookie().find((one) => one.startsWith('foreshift_console')) ?? '';
    expect(set).toMatch(/HttpOnly.*SameSite=Strict/);
  });

  it('asks for a code with a proof key, a state and a nonce, each time others', async () => {
    await signOn();
    const [last, before] = provider.asked.toReversed();
    expect(Object.fromEntries(last ?? [])).toMatchObject({ response_type: 'code', client_id: CLIENT_ID, redirect_uri: `${CONSOLE}/oidc/callback`, code_challenge_method: 'S256', scope: 'openid email' });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(last?.get(name)).not.toBe(before?.get(name));
  });

  it.each([
    ['forged', { forged: true }, /signature/i],
    ['unsigned', { unsigned: true }, /alg/i],
    ['expired', { claims: { exp: Math.floor(Date.now() / 1_000) - 120 } }, /exp/i],
    ['meant for another client', { claims: { aud: 'another' } }, /aud/i],
    ['of another issuer', { claims: { iss: 'https://evil.example.com' } }, /iss/i],
    ['given for another sign-on', { claims: { nonce: 'guessed' } }, /nonce/i],
  ] as const)('refuses a token that is %s, and says so in the console\'s log alone', async (_, change, why) => {
    const { at, answer } = await signOn({ change });
    expect(at).toBe('/#refused=refused');
    expect(cookieOf(answer)).not.toMatch(/foreshift_console=./);
    expect(troubles.join()).toMatch(why);
  });

  it('refuses who has no role, and a name that nobody vouches for', async () => {
    expect((await signOn({ change: { claims: { groups: ['strangers'] } } })).at).toBe('/#refused=no-role');
    expect((await signOn({ change: { claims: { email_verified: false } } })).at).toBe('/#refused=no-role');
    expect(troubles).toEqual([expect.stringContaining('strangers'), expect.stringContaining('not verified')]);
  });

  it('refuses an answer for another browser, one that was used, one that was changed, and one that came too late', async () => {
    const state = (wanted: string) => (back: URL) => {
      back.searchParams.set('state', wanted);
      return back;
    };
    expect((await signOn({ cookie: '' })).at).toBe('/#refused=not-begun');
    expect((await signOn({ cookie: 'foreshift_sign_on=guessed' })).at).toBe('/#refused=not-begun');
    expect((await signOn({ alter: state('guessed') })).at).toBe('/#refused=refused');
    const { back, cookie } = await signOn();
    expect((await app.request(back.href, { headers: { cookie } })).headers.get('location')).toBe('/#refused=not-begun');
    const late = await signOn({ alter: (one) => {
      nowMs += 600_000;
      return one;
    } });
    expect(late.at).toBe('/#refused=not-begun');
  });

  it('says that the provider is away where it is, and asks anew', async () => {
    const away = createOidcLogin({ issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: null, label: '', scopes: 'openid', ...BY_GROUP }, CONSOLE, (sentence) => troubles.push(sentence));
    expect(await away.begin()).toBeNull();
    expect(troubles).toEqual([expect.stringContaining('http://127.0.0.1:9 cannot be asked')]);
  });
});

describe('the role of a claim', () => {
  it('is the highest of its values, one or many; nothing that is not mapped counts, nor what every object has', () => {
    const roleOf = (groups: unknown) => {
      const person = personOfClaims({ email: 'ada@example.com', groups }, BY_GROUP);
      return typeof person === 'string' ? null : person.role;
    };
    expect(roleOf(['platform', 'everybody'])).toBe('approver');
    expect(roleOf('everybody')).toBe('viewer');
    for (const none of [undefined, null, [], ['constructor'], [7], { platform: true }, 'toString']) expect(roleOf(none)).toBeNull();
  });

  it('goes with a name: none, too long a one, or no text is nobody', () => {
    for (const email of [undefined, '', 7, 'x'.repeat(101)]) expect(personOfClaims({ email, groups: 'platform' }, BY_GROUP)).toContain('has no name');
  });
});

describe('the file of the identity provider', () => {
  const folder = mkdtempSync(join(tmpdir(), 'console-oidc-'));
  const file = join(folder, 'oidc.json');
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (content: unknown) => writeFileSync(file, JSON.stringify(content));
  const GOOD = { issuer: 'https://login.example.com', clientId: 'console', roles: { platform: 'approver' } };

  it('needs an issuer, a client and roles; the rest has defaults, and the secret stands in a file of its own', async () => {
    write(GOOD);
    expect(await readOidcFile(file)).toEqual({ ...GOOD, clientSecret: null, label: 'Log in with single sign-on', scopes: 'openid email', nameClaim: 'email', roleClaim: 'groups' });
    writeFileSync(join(folder, 'secret'), 's3cret\n');
    write({ ...GOOD, clientSecretFile: 'secret' });
    expect(await readOidcFile(file)).toMatchObject({ clientSecret: 's3cret' });
  });

  it('is refused with the field that is wrong', async () => {
    for (const [change, why] of [[{ issuer: 'http://login.example.com' }, /issuer: expected an https address/], [{ issuer: 'login' }, /issuer/], [{ roles: { a: 'king' } }, /roles\.a/], [{ roles: {} }, /roles: expected at least one/], [{ clientSecret: 'here' }, /clientSecret/], [{ scopes: 'email' }, /scopes: expected "openid"/], [{ clientSecretFile: 'nowhere' }, /clientSecretFile: .*cannot be read/]] as const) {
      write({ ...GOOD, ...change });
      await expect(readOidcFile(file)).rejects.toThrow(why);
    }
    writeFileSync(file, 'no JSON');
    await expect(readOidcFile(file)).rejects.toThrow(/expected JSON/);
  });
});
