import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

/** What a test changes of the next token. */
export interface TokenChange {
  readonly claims?: Record<string, unknown>;
  /** Signs by a key that the provider does not publish. */
  readonly forged?: boolean;
  /** Says that no signature is needed. */
  readonly unsigned?: boolean;
}

export const CLIENT_ID = 'foreshift-console';
const KEY_ID = 'key-1';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwtOf(claims: object, key: KeyObject | null): string {
  const text = `${encoded({ alg: key === null ? 'none' : 'RS256', kid: KEY_ID })}.${encoded(claims)}`;
  return `${text}.${key === null ? '' : sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}

/** A small OpenID provider on this machine: it lets in whoever comes, and hands out the token that a test asked for. It checks the proof key as a real one does. */
export async function startProvider() {
  const own = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const codes = new Map<string, { readonly challenge: string; readonly nonce: string; readonly redirectUri: string }>();
  const asked: URLSearchParams[] = [];
  let change: TokenChange = {};
  let issuer = '';
  const app = new Hono();
  app.get('/.well-known/openid-configuration', (c) =>
    c.json({ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'] }),
  );
  app.get('/keys', (c) => c.json({ keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig', alg: 'RS256' }] }));
  app.get('/authorize', (c) => {
    const query = new URL(c.req.url).searchParams;
    asked.push(query);
    const code = randomUUID();
    codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '', redirectUri: query.get('redirect_uri') ?? '' });
    const back = new URL(query.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code, state: query.get('state') ?? '' }).toString();
    return c.redirect(back.href);
  });
  app.post('/token', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const known = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (known === undefined || proof !== known.challenge || form.get('redirect_uri') !== known.redirectUri) return c.json({ error: 'invalid_grant' }, 400);
    const nowS = Math.floor(Date.now() / 1_000);
    const claims = { iss: issuer, sub: 'u-1', aud: CLIENT_ID, iat: nowS, exp: nowS + 300, nonce: known.nonce, email: 'ada@example.com', groups: ['everybody', 'platform'], ...change.claims };
    const key = change.unsigned === true ? null : change.forged === true ? other.privateKey : own.privateKey;
    return c.json({ access_token: 'a', token_type: 'Bearer', expires_in: 300, id_token: jwtOf(claims, key) });
  });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  // Another site than the console's 127.0.0.1, as a provider is: cookies are kept from it.
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    /** What the browser was sent here with, in order. */
    asked,
    giveNext: (wanted: TokenChange) => {
      change = wanted;
    },
    close: () => void server.close(),
  };
}
