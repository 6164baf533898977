import type { Configuration } from 'openid-client' with { 'resolution-mode': 'import' };
import type { OidcConfig } from './oidc-config';
import { personOfClaims } from './person-of-claims';
import type { Person } from './person-of-claims';

export type SignOnEnd = { readonly kind: 'entered'; readonly person: Person } | { readonly kind: 'refused'; readonly why: 'no-role' | 'not-begun' | 'refused' };

/** Single sign-on by the authorization code flow with a proof key (RFC 7636). */
export interface OidcLogin {
  /** What the button says. */
  readonly label: string;
  /** Where the browser goes; `state` binds the way back to it. Null where the provider does not answer. */
  begin(): Promise<{ readonly url: string; readonly state: string } | null>;
  /** `search` is the query that the provider sent the browser back with, `browserState` what the browser kept. */
  finish(search: string, browserState: string | null): Promise<SignOnEnd>;
}

interface Begun {
  readonly verifier: string;
  readonly nonce: string;
  readonly untilMs: number;
}

const LASTS_MS = 600_000;
const MOST_BEGUN = 1_000;

/**
 * @param redirectUri where the provider sends the browser back to, as it is registered there
 * @param tellTrouble hears why somebody was not let in: the browser is told no more than that
 */
export function createOidcLogin(config: OidcConfig, redirectUri: string, tellTrouble: (sentence: string) => void, nowMs: () => number = Date.now): OidcLogin {
  const begun = new Map<string, Begun>();
  let discovered: Promise<Configuration> | null = null;

  /** The provider may be away when the console starts; it is asked when somebody comes. */
  function provider(): Promise<Configuration> {
    discovered ??= discover(config).catch((error: unknown) => {
      discovered = null;
      throw error;
    });
    return discovered;
  }

  return {
    label: config.label,
    async begin() {
      try {
        const [client, known] = await Promise.all([library(), provider()]);
        for (const [state, { untilMs }] of begun) if (untilMs <= nowMs() || begun.size >= MOST_BEGUN) begun.delete(state);
        const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
        begun.set(state, { verifier, nonce, untilMs: nowMs() + LASTS_MS });
        const url = client.buildAuthorizationUrl(known, { redirect_uri: redirectUri, scope: config.scopes, state, nonce, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' });
        return { url: url.href, state };
      } catch (error) {
        tellTrouble(`${config.issuer} cannot be asked: ${sentenceOf(error)}`);
        return null;
      }
    },
    async finish(search, browserState) {
      const mine = browserState === null ? undefined : begun.get(browserState);
      if (browserState !== null) begun.delete(browserState);
      if (browserState === null || mine === undefined || mine.untilMs <= nowMs()) return { kind: 'refused', why: 'not-begun' };
      try {
        const url = new URL(redirectUri);
        url.search = search;
        const [client, known] = await Promise.all([library(), provider()]);
        const tokens = await client.authorizationCodeGrant(known, url, { pkceCodeVerifier: mine.verifier, expectedState: browserState, expectedNonce: mine.nonce, idTokenExpected: true });
        const person = personOfClaims(tokens.claims() ?? {}, config);
        if (typeof person !== 'string') return { kind: 'entered', person };
        tellTrouble(`sign-on: ${person}`);
        return { kind: 'refused', why: 'no-role' };
      } catch (error) {
        tellTrouble(`sign-on was refused: ${sentenceOf(error)}`);
        return { kind: 'refused', why: 'refused' };
      }
    },
  };
}

/** It is an ES module, which this one is not. */
function library() {
  return import('openid-client');
}

async function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<Configuration> {
  const client = await library();
  const url = new URL(issuer);
  const auth = clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret);
  const execute = [
    // The token comes straight from the provider, and is checked all the same: a proxy between may not be trusted.
    client.enableNonRepudiationChecks,
    ...(url.protocol === 'http:' ? [client.allowInsecureRequests] : []),
  ];
  return client.discovery(url, clientId, undefined, auth, { execute });
}

/** A library's error with what caused it: the cause says which check failed. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
